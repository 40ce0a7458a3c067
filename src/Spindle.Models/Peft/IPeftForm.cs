namespace Spindle.Models.Peft;

/// <summary>How one kind of strategy stands in a folder of HF peft, both ways. One in this assembly, with a constructor that takes nothing, is found by itself.</summary>
public interface IPeftForm
{
    /// <summary>The name of the kind of strategy.</summary>
    string Kind { get; }

    /// <summary>The record of the kind's options.</summary>
    Type Options { get; }

    /// <summary>Whether a folder with this configuration holds this kind.</summary>
    bool Reads(PeftConfig config);

    /// <summary>Reads every layer's part; every tensor that is the kind's own is taken.</summary>
    /// <param name="source">The folder, over a backbone.</param>
    /// <exception cref="InvalidDataException">It asks for what the kind cannot do, or is damaged.</exception>
    IReadOnlyList<LayerPart> Read(PeftSource source);

    /// <summary>Writes parts of a model that has no other kind of strategy.</summary>
    /// <param name="parts">The parts, in order of depth.</param>
    /// <param name="target">Where configuration and tensors go.</param>
    /// <exception cref="InvalidDataException">HF peft has no words for them.</exception>
    void Write(IReadOnlyList<LayerPart> parts, PeftTarget target);
}
