using System.Globalization;

namespace Spindle.Models.Devices;

/// <summary>The device that a study or an option asks for: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
public readonly record struct DeviceChoice
{
    private const string Cuda = "cuda";
    private const int MostGpus = 1024;

    /// <summary>What can be written, for messages.</summary>
    public const string Forms = "auto, cpu, cuda or cuda:N, where N is the number of a GPU from 0";

    private DeviceChoice(DeviceKind kind, int? index = null) => (Kind, Index) = (kind, index);

    /// <summary>The first GPU if there is one, otherwise the CPU.</summary>
    public static DeviceChoice Auto { get; }

    /// <summary>The CPU.</summary>
    public static DeviceChoice Cpu { get; } = new(DeviceKind.Cpu);

    /// <summary>What is asked for.</summary>
    public DeviceKind Kind { get; }

    /// <summary>The number of the GPU, or null for any.</summary>
    public int? Index { get; }

    /// <summary>A GPU by its number.</summary>
    public static DeviceChoice Gpu(int index) => new(DeviceKind.Cuda, index);

    /// <summary>Reads a device.</summary>
    /// <param name="text">The text, as <see cref="ToString"/> writes it.</param>
    /// <param name="device">The device.</param>
    public static bool TryParse(string text, out DeviceChoice device)
    {
        (var isKnown, device) = text switch
        {
            "auto" => (true, Auto),
            "cpu" => (true, Cpu),
            Cuda => (true, new(DeviceKind.Cuda)),
            _ => text.StartsWith(Cuda + ":", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < MostGpus
                ? (true, Gpu(index)) : (false, Auto),
        };
        return isKnown;
    }

    /// <summary>Reads a device.</summary>
    /// <exception cref="FormatException">The text is not a device; the message says what can be written.</exception>
    public static DeviceChoice Parse(string text) => TryParse(text, out var device) ? device : throw new FormatException($"'{text}' is not a device; write {Forms}");

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        DeviceKind.Auto => "auto",
        DeviceKind.Cpu => "cpu",
        _ => Index is { } index ? string.Create(CultureInfo.InvariantCulture, $"{Cuda}:{index}") : Cuda,
    };
}

/// <summary>The kinds of <see cref="DeviceChoice"/>.</summary>
public enum DeviceKind
{
    /// <summary>A GPU if there is one, otherwise the CPU.</summary>
    Auto = 0,

    /// <summary>The CPU.</summary>
    Cpu = 1,

    /// <summary>A CUDA GPU.</summary>
    Cuda = 2,
}
