using Spindle.Models.Backbones;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

public sealed class CheckedOutlineTests
{
    [Fact]
    public void Weights_on_the_meta_device_have_the_shape_of_loaded_ones_and_hold_no_values()
    {
        using var whole = BackboneCatalogue.Load("minilm-l6", new());
        using var outline = BackboneCatalogue.Load("minilm-l6", new() { Device = META });
        Assert.Equal(whole.Shape.Parameters, outline.Shape.Parameters);
        Assert.Equal(META.type, outline.Device.type);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_does_not_fit_is_refused_without_reading_values(bool missing)
    {
        using var changed = new ChangedCheckpoint("bert-tiny", _ => { }, tensors =>
        {
            var name = tensors.Keys.First(key => key.EndsWith("query.weight", StringComparison.Ordinal));
            if (missing) tensors.Remove(name);
            else tensors[name] = zeros(3, 5);
        });
        var message = Assert.Throws<InvalidDataException>(() => BackboneCatalogue.Load(changed.Folder, new() { Device = META })).Message;
        Assert.Contains(missing ? "query.weight is missing" : "query.weight is [3, 5] where the configuration needs", message, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => BackboneCatalogue.Load(changed.Folder, new())).Message);
    }
}
