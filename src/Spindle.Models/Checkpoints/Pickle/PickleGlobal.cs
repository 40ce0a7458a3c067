namespace Spindle.Models.Checkpoints.Pickle;

/// <summary>A class or function that a pickle names. It stays a name: nothing is ever looked up or called by it.</summary>
/// <param name="Name">The module and the name, joined by a dot.</param>
internal sealed record PickleGlobal(string Name);
