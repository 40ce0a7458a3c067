using Spindle.Models.Backbones;

namespace Spindle.Models.Tests.Backbones;

/// <summary>Backbones of random weights.</summary>
public class InitialiseTests
{
    [Theory]
    [MemberData(nameof(Names))]
    public void A_configuration_alone_gives_a_backbone_that_computes_the_same_from_the_same_seed(string name)
    {
        var tiny = new TinyBackbone(name);
        var first = States(1);
        Assert.All(first, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(first, States(1));
        Assert.NotEqual(first, States(2));
        using var loaded = tiny.Load();
        using var random = BackboneCatalogue.Initialise(tiny.Folder, new(), 1);
        Assert.Equal(loaded.Shape, random.Shape);

        float[] States(long seed)
        {
            using var backbone = BackboneCatalogue.Initialise(tiny.Folder, new(), seed);
            return tiny.States(backbone);
        }
    }

    public static TheoryData<string> Names => [.. TinyBackbone.Names];
}
