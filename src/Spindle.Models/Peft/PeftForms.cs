namespace Spindle.Models.Peft;

/// <summary>Every form in this assembly.</summary>
internal static class PeftForms
{
    public static IReadOnlyList<IPeftForm> All { get; } =
    [
        .. typeof(PeftForms).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && type.IsAssignableTo(typeof(IPeftForm)))
            .Select(type => (IPeftForm)Activator.CreateInstance(type)!).OrderBy(form => form.Kind, StringComparer.Ordinal),
    ];
}
