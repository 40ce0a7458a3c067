namespace Spindle.Designs.Plans;

/// <summary>What is trained on a backbone. This one record travels from the sampler to the store, the model and the report.</summary>
public abstract record TuningPlan
{
    private TuningPlan() { }

    /// <summary>The number of trained parameters without the head; null if it depends on the backbone.</summary>
    public abstract long? Trained { get; }

    /// <summary>Every parameter of the backbone, without a budget.</summary>
    public sealed record Full : TuningPlan
    {
        /// <inheritdoc/>
        public override long? Trained => null;
    }

    /// <summary>Strategies with their sizes, layer by layer.</summary>
    /// <param name="Design">The design that the sizes were solved for, or null if the sizes come from elsewhere.</param>
    /// <param name="Layers">The sized strategies of each layer, in order of depth. An untuned layer has no entry. Without entries, only the head is trained.</param>
    public sealed record Sized(Design? Design, IReadOnlyList<LayerTuning> Layers) : TuningPlan
    {
        /// <inheritdoc/>
        public override long? Trained => Parameters;

        /// <summary>The number of trained parameters without the head.</summary>
        public long Parameters => Layers.Sum(layer => layer.Parameters);

        /// <inheritdoc/>
        public bool Equals(Sized? other) => other is not null && Equals(Design, other.Design) && Sequences.Same(Layers, other.Layers);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Design, Sequences.Hash(Layers));
    }
}
