namespace Spindle.Designs.Plans;

/// <summary>What is trained of a backbone. The one record that the sampler makes, the store keeps, the model is built from and the report shows.</summary>
public abstract record TuningPlan
{
    private TuningPlan() { }

    /// <summary>Trained parameters, the head excluded; null where the backbone decides.</summary>
    public abstract long? Trained { get; }

    /// <summary>Every parameter of the backbone, without a budget.</summary>
    public sealed record Full : TuningPlan
    {
        /// <inheritdoc/>
        public override long? Trained => null;
    }

    /// <summary>Strategies with their sizes, layer by layer.</summary>
    /// <param name="Design">The design that the sizes were solved for, or null where they come from elsewhere.</param>
    /// <param name="Layers">What tunes each layer, in order of depth; an untuned layer has no entry. With no entry at all, the head alone is trained.</param>
    public sealed record Sized(Design? Design, IReadOnlyList<LayerTuning> Layers) : TuningPlan
    {
        /// <inheritdoc/>
        public override long? Trained => Parameters;

        /// <summary>Trained parameters, the head excluded.</summary>
        public long Parameters => Layers.Sum(layer => layer.Parameters);

        /// <inheritdoc/>
        public bool Equals(Sized? other) => other is not null && Equals(Design, other.Design) && Sequences.Same(Layers, other.Layers);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Design, Sequences.Hash(Layers));
    }
}
