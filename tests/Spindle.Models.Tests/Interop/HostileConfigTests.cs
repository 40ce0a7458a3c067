using Spindle.Models.Backbones;
using Spindle.Models.Peft;

namespace Spindle.Models.Tests.Interop;

/// <summary>Configurations that were written to break their readers.</summary>
public sealed class HostileConfigTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-config-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("""{"peft_type":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"peft_type":"LORA","target_modules":["\ud800"]}""")]
    [InlineData("""{"peft_type":"LORA","rank_pattern":{"\ud800":4}}""")]
    [InlineData("""{"peft_type":"LORA","modules_to_save":["\ud800"]}""")]
    public void Half_a_character_anywhere_in_a_configuration_is_refused(string json) => Refused(json, "holds half a character");

    [Theory]
    [InlineData("""{"peft_type":"LORA","target_modules":["query"],"layers_to_transform":[0],"layers_pattern":["x)|.*|(?:y"]}""")]
    [InlineData("""{"peft_type":"LORA","target_modules":"x)|.*|(?:y"}""")]
    public void A_pattern_that_closes_the_parenthesis_around_it_is_refused(string json) => Refused(json, "which cannot be read");

    [Fact]
    public void A_layer_pattern_with_its_own_group_named_layer_finds_no_layer()
    {
        Write("""{"peft_type":"LORA","target_modules":["query"],"layers_to_transform":[0],"layers_pattern":["(?<layer>layer)"]}""");
        Assert.False(PeftConfig.Read(folder.FullName).IsTarget("encoder.layer.x.query"));
    }

    [Fact]
    public void A_decoder_of_more_layers_than_any_model_is_refused()
    {
        Write("""{"model_type":"t5","d_model":8,"num_layers":2,"num_decoder_layers":2000000000,"num_heads":2,"d_kv":4,"d_ff":16,"vocab_size":20,"relative_attention_num_buckets":8,"relative_attention_max_distance":16}""", "config.json");
        Assert.Contains("'num_decoder_layers' must be a whole number from 1 to 1000", Assert.Throws<InvalidDataException>(() => BackboneCatalogue.Outline(folder.FullName, new())).Message, StringComparison.Ordinal);
    }

    private void Refused(string json, string reason)
    {
        Write(json);
        var message = Assert.Throws<InvalidDataException>(() => PeftConfig.Read(folder.FullName).IsTarget("encoder.layer.0.query")).Message;
        Assert.StartsWith(Path.Combine(folder.FullName, PeftConfig.FileName), message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private void Write(string json, string file = PeftConfig.FileName) => File.WriteAllText(Path.Combine(folder.FullName, file), json);
}
