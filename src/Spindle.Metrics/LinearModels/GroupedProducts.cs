namespace Spindle.Metrics.LinearModels;

/// <summary>The cross-products of a linear model's columns, from which those under any variance of the groups follow without a second pass over the observations.</summary>
internal sealed class GroupedProducts
{
    private readonly ModelColumns columns;
    private readonly double[][] products;
    private readonly List<(double Weight, Term[] Sums)> groups = [];

    /// <param name="observations">The observations.</param>
    /// <param name="columns">The columns.</param>
    public GroupedProducts(IReadOnlyList<Observation> observations, ModelColumns columns)
    {
        this.columns = columns;
        // centred, so that cross-products do not lose digits
        var mean = observations.Sum(observation => observation.Weight * observation.Value) / observations.Sum(observation => observation.Weight);
        products = Zero(columns.Controls + columns.Explained + 1 + columns.Added);
        foreach (var group in observations.GroupBy(observation => observation.Group))
        {
            var (weight, sums) = (0.0, new SortedDictionary<int, double>());
            foreach (var observation in group)
            {
                Term[] terms = [.. observation.Terms.Select(term => term with { Column = Place(term.Column) }).Append(new(Value, observation.Value - mean)).OrderBy(term => term.Column)];
                Add(products, terms, observation.Weight);
                weight += observation.Weight;
                foreach (var term in terms) sums[term.Column] = sums.GetValueOrDefault(term.Column) + observation.Weight * term.Value;
            }

            groups.Add((weight, [.. sums.Select(sum => new Term(sum.Key, sum.Value))]));
        }
    }

    /// <summary>The sum of squares of a column that can be added.</summary>
    public double Square(int added) => products[Value + 1 + added][0];

    /// <summary>The logarithm of the determinant of the observations' covariance.</summary>
    /// <param name="ratio">The variance of the groups in units of the residual variance.</param>
    public double LogDeterminant(double ratio) => groups.Sum(group => Math.Log(1 + ratio * group.Weight));

    /// <summary>The solved normal equations.</summary>
    /// <param name="ratio">The variance of the groups in units of the residual variance.</param>
    /// <param name="withAdded">Whether columns that can be added are needed.</param>
    public SweptSystem Solve(double ratio, bool withAdded)
    {
        var size = withAdded ? products.Length : Value + 1;
        double[][] upper = [.. products.Take(size).Select((row, at) => row[..(size - at)])];
        if (ratio > 0)
            foreach (var (weight, sums) in groups) Add(upper, sums.AsSpan(0, withAdded ? sums.Length : 1 + Array.FindLastIndex(sums, sum => sum.Column < size)), -ratio / (1 + ratio * weight));
        return new(upper, columns);
    }

    // values stand between the explained columns and those that can be added
    private int Value => columns.Controls + columns.Explained;

    private int Place(int column) => column < Value ? column : column + 1;

    private static void Add(double[][] upper, ReadOnlySpan<Term> terms, double weight)
    {
        for (var row = 0; row < terms.Length; row++)
        {
            var (factor, place) = (weight * terms[row].Value, terms[row].Column);
            var target = upper[place];
            foreach (var term in terms[row..]) target[term.Column - place] += factor * term.Value;
        }
    }

    private static double[][] Zero(int size) => [.. Enumerable.Range(0, size).Select(row => new double[size - row])];
}
