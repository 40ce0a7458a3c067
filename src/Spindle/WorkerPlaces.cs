using Spindle.Models.Devices;

namespace Spindle;

/// <summary>Spreads the workers of a search over GPUs.</summary>
internal static class WorkerPlaces
{
    // libtorch and CUDA themselves, on the GPU of each process
    private const long Program = 600L << 20;

    // of memory that others may still want
    private const double MostOfFree = 0.9;

    /// <summary>How many workers fit on a GPU at the same time: at least one, and exactly one where its free memory is not known.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="each">The bytes of one worker's weights, activations and gradients.</param>
    public static int Room(GpuDevice gpu, long each) =>
        gpu.FreeMemory is { } free ? (int)Math.Clamp((long)(free * MostOfFree) / (Math.Max(0, each) + Program), 1, int.MaxValue) : 1;

    /// <summary>The GPU of each worker: each takes the GPU that is the emptiest for its room, and the first of several. More workers than there is room for are spread in the same way.</summary>
    /// <param name="workers">The number of workers, at least 0.</param>
    /// <param name="rooms">The number of workers that fit on each GPU, each at least 1; at least one GPU.</param>
    /// <returns>For each worker the place of its GPU in the list.</returns>
    public static IReadOnlyList<int> Assign(int workers, IReadOnlyList<int> rooms)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        if (rooms.Count == 0 || rooms.Any(room => room < 1)) throw new ArgumentException("every GPU has room for one worker, and there is at least one GPU", nameof(rooms));
        var taken = new long[rooms.Count];
        var places = new int[workers];
        for (var worker = 0; worker < workers; worker++)
        {
            var best = 0;
            // compared as fractions, (taken + 1) / room, without rounding
            for (var gpu = 1; gpu < rooms.Count; gpu++)
                if ((taken[gpu] + 1) * rooms[best] < (taken[best] + 1) * rooms[gpu]) best = gpu;
            taken[best]++;
            places[worker] = best;
        }

        return places;
    }
}
