using Spindle.Models.Devices;

namespace Spindle.Tests.Library;

/// <summary>How the workers of a search are spread over GPUs.</summary>
public class WorkerPlacesTests
{
    private static readonly Gen<(int Workers, int[] Rooms)> Cases = Gen.Select(Gen.Int[0, 60], Gen.Int[1, 12].Array[1, 8]);

    [Fact]
    public void Every_worker_has_a_GPU_and_one_more_worker_moves_no_other() => Cases.Sample(given =>
    {
        var places = WorkerPlaces.Assign(given.Workers, given.Rooms);
        Assert.Equal(given.Workers, places.Count);
        Assert.All(places, place => Assert.InRange(place, 0, given.Rooms.Length - 1));
        Assert.Equal(places, WorkerPlaces.Assign(given.Workers + 1, given.Rooms).Take(given.Workers));
    });

    [Fact]
    public void No_GPU_has_more_workers_than_room_while_another_has_room() => Cases.Sample(given =>
    {
        var loads = Loads(given.Workers, given.Rooms);
        if (given.Workers <= given.Rooms.Sum()) Assert.All(loads.Zip(given.Rooms), pair => Assert.True(pair.First <= pair.Second));
        else Assert.All(loads.Zip(given.Rooms), pair => Assert.True(pair.First >= pair.Second));
    });

    [Fact]
    public void Equal_GPUs_differ_by_at_most_one_worker() => Gen.Select(Gen.Int[0, 60], Gen.Int[1, 12], Gen.Int[1, 8]).Sample((workers, room, gpus) =>
    {
        var loads = Loads(workers, [.. Enumerable.Repeat(room, gpus)]);
        Assert.InRange(loads.Max() - loads.Min(), 0, 1);
    });

    [Theory]
    [InlineData(80, 2, 27)] // 72 GiB, 2.6 GiB each
    [InlineData(1, 2, 1)] // at least one
    [InlineData(null, 2, 1)] // the driver does not report it
    public void As_many_workers_fit_as_nine_tenths_of_the_free_memory_hold(int? freeGigabytes, int eachGigabytes, int expected) =>
        Assert.Equal(expected, WorkerPlaces.Room(new GpuDevice(0, 8, (long?)freeGigabytes << 30), (long)eachGigabytes << 30));

    [Fact]
    public void A_GPU_without_room_is_a_fault_of_the_program()
    {
        Assert.Throws<ArgumentException>(() => WorkerPlaces.Assign(1, []));
        Assert.Throws<ArgumentException>(() => WorkerPlaces.Assign(1, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPlaces.Assign(-1, [1]));
    }

    private static int[] Loads(int workers, int[] rooms)
    {
        var places = WorkerPlaces.Assign(workers, rooms);
        return [.. rooms.Select((_, gpu) => places.Count(place => place == gpu))];
    }
}
