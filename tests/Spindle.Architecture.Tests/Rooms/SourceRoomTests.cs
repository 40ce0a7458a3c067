namespace Spindle.Architecture.Tests.Rooms;

public sealed class SourceRoomTests
{
    [Fact]
    public void NoNamespacesUseEachOtherInACircle()
    {
        var circles = RoomCircle.Among(CompiledAssemblies.Uses);
        Assert.True(circles.Count == 0, "namespaces use each other in a circle:\n" + string.Join("\n", circles));
    }
}
