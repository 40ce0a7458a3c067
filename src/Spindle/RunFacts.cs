using System.Reflection;
using System.Runtime.InteropServices;
using Spindle.Models.Devices;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Studies;
using TorchSharp;

namespace Spindle;

/// <summary>Where a search runs, and with which versions.</summary>
internal static class RunFacts
{
    /// <summary>The run that begins now.</summary>
    /// <param name="workers">The number of workers.</param>
    /// <param name="devices">The device of each; empty where trials run in this process.</param>
    /// <param name="options">How it is run.</param>
    public static SearchRun Of(int workers, IReadOnlyList<DeviceChoice> devices, StudySearchOptions options)
    {
        var (version, commit) = Version;
        return new(DateTimeOffset.UtcNow, version)
        {
            Commit = commit,
            Processor = Machine.Processor,
            Cores = Environment.ProcessorCount,
            Memory = Machine.Memory,
            System = RuntimeInformation.OSDescription,
            DotNet = Environment.Version.ToString(),
            Libtorch = torch.__version__,
            Workers = workers,
            Devices = string.Join(", ", devices.Select(device => device.ToString()).Distinct()),
            Command = options.Command,
            TunedFolder = options is { TunedFolder: { } tuned, Store: { } store } && TrialStores.IsFile(store) ? StudyPaths.SeenFrom(Path.GetDirectoryName(store)!, tuned) : null,
        };
    }

    // the build adds the commit after a plus sign, where it knows it
    private static (string Version, string? Commit) Version =>
        typeof(RunFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', 2) is [var version, .. var rest] ? (version, rest.FirstOrDefault()) : ("unknown", null);
}
