namespace Spindle.Architecture.Tests;

/// <summary>One type's use of another: in a signature, an attribute, a type argument or the body of a member.</summary>
internal sealed record TypeUse(TypeName From, TypeName To);

/// <summary>A type, where it is compiled and where it is found.</summary>
/// <param name="Assembly">The name of its assembly, which is its project's.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its own name.</param>
internal sealed record TypeName(string Assembly, string Namespace, string Name);
