using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Spindle.Tests;
using Assembly = System.Reflection.Assembly;

namespace Spindle.Architecture.Tests;

/// <summary>The compiled projects below <c>src</c>, and what their types use.</summary>
internal static class CompiledAssemblies
{
    /// <summary>The names of all projects below <c>src</c>, which are those of their assemblies too.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.GetFiles(Path.Combine(SharedFiles.Repository, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>What the types of all projects use of each other.</summary>
    public static IReadOnlyList<TypeUse> Uses { get; } = UsesIn([.. Projects.Select(Load)]);

    /// <summary>The assembly of a project, from the output of this test project.</summary>
    public static Assembly Load(string project) => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, project + ".dll"));

    /// <summary>The packages' assemblies that a project's code names; those of .NET itself are left out.</summary>
    public static IEnumerable<string> PackageAssemblies(string project)
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return Load(project).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => !Projects.Contains(name) && !File.Exists(Path.Combine(framework, name + ".dll")));
    }

    /// <summary>What the types of some assemblies use of each other, compiler-generated code counted for the type that it was written in.</summary>
    public static IReadOnlyList<TypeUse> UsesIn(params Assembly[] assemblies)
    {
        var names = assemblies.Select(assembly => assembly.GetName().Name!).ToHashSet(StringComparer.Ordinal);
        var architecture = new ArchLoader().LoadAssemblies(assemblies).Build();
        return [.. architecture.Types.SelectMany(type => type.Dependencies)
            .Where(dependency => IsIn(dependency.Origin, names) && IsIn(dependency.Target, names))
            .Select(dependency => new TypeUse(NameOf(dependency.Origin), NameOf(dependency.Target)))
            .Where(use => use.From != use.To)
            .Distinct()];
    }

    // pointers to functions have no assembly
    private static bool IsIn(IType type, HashSet<string> assemblies) => type is { Assembly: not null } and not GenericParameter && assemblies.Contains(AssemblyOf(type));

    private static string AssemblyOf(IType type) => new AssemblyName(type.Assembly.FullName).Name!;

    private static TypeName NameOf(IType type) => new(AssemblyOf(type), type.Namespace.FullName, type.Name);
}
