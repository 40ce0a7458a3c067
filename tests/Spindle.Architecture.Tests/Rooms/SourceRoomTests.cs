namespace Spindle.Architecture.Tests.Rooms;

public sealed class SourceRoomTests
{
    /// <summary>Circles that are still to be undone: the parent, and rooms of which some may still form a circle.</summary>
    private static readonly IReadOnlyList<(string Parent, string[] Rooms)> Known =
    [
        ("Spindle.Models", ["Backbones", "Checkpoints", "Heads", "Interop", "Places", "Tuning"]),
        ("Spindle.Search", ["Policies", "Results", "Stages", "Storage", "Studies"]),
    ];

    [Fact]
    public void NoNamespacesUseEachOtherInACircle()
    {
        var circles = RoomCircle.Among(CompiledAssemblies.Uses).Where(circle => !Known.Any(known => Covers(known, circle))).ToList();
        Assert.True(circles.Count == 0, "namespaces use each other in a circle:\n" + string.Join("\n", circles));
    }

    [Fact]
    public void EveryKnownCircleIsStillThere()
    {
        var circles = RoomCircle.Among(CompiledAssemblies.Uses);
        var gone = Known.Where(known => !circles.Any(circle => Covers(known, circle))).Select(known => $"{known.Parent}.{{{string.Join(", ", known.Rooms)}}}").ToList();
        Assert.True(gone.Count == 0, "no circle is left in these rooms, so remove them from the known ones: " + string.Join("; ", gone));
    }

    private static bool Covers((string Parent, string[] Rooms) known, RoomCircle circle) =>
        known.Parent == circle.Parent && circle.Rooms.All(known.Rooms.Contains);
}
