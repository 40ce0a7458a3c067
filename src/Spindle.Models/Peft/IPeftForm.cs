namespace Spindle.Models.Peft;

/// <summary>Reads and writes one kind of strategy in a folder of HF peft. A class with a parameterless constructor in this assembly is found automatically.</summary>
public interface IPeftForm
{
    /// <summary>The name of the kind of strategy.</summary>
    string Kind { get; }

    /// <summary>The record of the kind's options.</summary>
    Type Options { get; }

    /// <summary>Whether a folder with this configuration holds this kind.</summary>
    bool Reads(PeftConfig config);

    /// <summary>Reads the part of every layer, and takes every tensor of the kind.</summary>
    /// <param name="source">The folder, over a backbone.</param>
    /// <exception cref="InvalidDataException">The folder is damaged, or asks for something that the kind cannot do.</exception>
    IReadOnlyList<LayerPart> Read(PeftSource source);

    /// <summary>The end of the name of a value that every module tuned by this kind has, where HF peft can train biases beside it; null where it cannot.</summary>
    string? BesideBiases => null;

    /// <summary>Writes the parts of a model whose only strategies are of this kind.</summary>
    /// <param name="parts">The parts, in order of depth.</param>
    /// <param name="target">The folder to be written.</param>
    /// <exception cref="InvalidDataException">HF peft cannot express them.</exception>
    void Write(IReadOnlyList<LayerPart> parts, PeftTarget target);
}
