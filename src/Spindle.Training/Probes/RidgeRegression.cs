using Spindle.Models.Heads;
using Spindle.Models.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Probes;

/// <summary>Ridge regression with an intercept on standardised features (Hoerl and Kennard 1970). The penalty is the one with the least squared error when each row
/// is predicted from all others; these predictions have a closed form (Golub, Heath and Wahba 1979).</summary>
/// <param name="Map">The solution, float64, in the units of the features.</param>
/// <param name="Penalty">The penalty of the squared weights of standardised features.</param>
/// <param name="LeftOut">Each row as the other rows predict it, <c>[rows, outputs]</c>, float64.</param>
internal sealed record RidgeRegression(LinearMap Map, double Penalty, Tensor LeftOut)
{
    // times the mean eigenvalue of the features' covariance, in half decades
    private const int LeastExponent = -6;
    private const int LargestExponent = 8;

    /// <summary>The smallest deviation that a feature is divided by, in units of the largest: one that hardly varies would need huge weights.</summary>
    public const double SmallestDeviation = 1e-4;

    private const double SmallestRemainder = 1e-9; // of a row that no other row says anything about

    private static readonly Scalar Two = 2;

    /// <summary>Solves the regression. The tensors belong to the caller's dispose scope.</summary>
    /// <param name="features">The features, <c>[rows, features]</c>, finite.</param>
    /// <param name="targets">The targets, <c>[rows, outputs]</c>.</param>
    public static RidgeRegression Solve(Tensor features, Tensor targets)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        features = features.to(ScalarType.Float64);
        targets = targets.to(ScalarType.Float64);
        var (rows, inputs) = (features.shape[0], features.shape[1]);
        var mean = features.mean([0]);
        var deviation = (features - mean).pow(Two).mean([0]).sqrt();
        var largest = deviation.max().ToDouble();
        var inverse = TensorArithmetic.WithScalar(largest > 0 ? largest * SmallestDeviation : 1, deviation.clamp_min).reciprocal();
        var standard = (features - mean) * inverse;
        var middle = targets.mean([0]);
        var centred = targets - middle;

        // projections [rows, m] on the principal axes: their products are the eigenvalues [m]
        Tensor projections, eigenvalues;
        if (rows <= inputs)
        {
            var (values, vectors) = linalg.eigh(standard.mm(standard.t()));
            eigenvalues = TensorArithmetic.WithScalar(0, values.clamp_min);
            projections = vectors * eigenvalues.sqrt();
        }
        else
        {
            var (values, vectors) = linalg.eigh(standard.t().mm(standard));
            eigenvalues = TensorArithmetic.WithScalar(0, values.clamp_min);
            projections = standard.mm(vectors);
        }
        var squares = projections.pow(Two);
        var along = projections.t().mm(centred); // [m, outputs]
        var unit = eigenvalues.mean().ToDouble() is var average and > 0 ? average : 1;

        RidgeRegression? best = null;
        var least = double.PositiveInfinity;
        for (var exponent = LeastExponent; exponent <= LargestExponent; exponent++)
        {
            using var step = NewDisposeScope();
            var penalty = unit * Math.Pow(10, exponent / 2.0);
            var shrunk = eigenvalues.Plus(penalty).reciprocal();
            var residuals = centred - projections.mm(along * shrunk.unsqueeze(-1));
            var remainder = ones_like(residuals) - squares.mv(shrunk).Plus(1.0 / rows).unsqueeze(-1);
            var errors = residuals / TensorArithmetic.WithScalar(SmallestRemainder, remainder.clamp_min);
            var error = errors.pow(Two).mean().ToDouble();
            if (!(error < least)) continue;
            least = error;
            var weight = (standard.t().mm(residuals).Times(1 / penalty) * inverse.unsqueeze(-1)).t();
            best = new(
                new(weight.MoveToOuterDisposeScope(), (middle - weight.mv(mean)).MoveToOuterDisposeScope()),
                penalty,
                (targets - errors).MoveToOuterDisposeScope());
        }
        if (best is null) throw new InvalidDataException("the features that a probe is solved on are not finite; use 'head-start: random'");
        best.Map.Weight.MoveToOuterDisposeScope();
        best.Map.Bias.MoveToOuterDisposeScope();
        best.LeftOut.MoveToOuterDisposeScope();
        return best;
    }
}
