using System.CommandLine;
using Spectre.Console;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Designs.Text;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Yaml;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle design</c>: shows a design, draws designs at random, or sizes a design under a budget.</summary>
internal static class DesignCommand
{
    public static Command Create() => new("design", "Shows, samples and sizes designs.") { Show(), Sample(), Cost() };

    // letters of the largest share
    private const int LongestBar = 20;

    private static Option<string> Backbone() => new("--backbone") { Description = "An embedded backbone or a folder.", DefaultValueFactory = _ => BackboneFolder.Default };

    private static Option<string> BudgetOption() =>
        new("--budget") { Description = "A share of the backbone's parameters, or a whole number.", DefaultValueFactory = _ => Budget.Default.ToString() };

    private static Command Show()
    {
        var file = new Argument<string>("file") { Description = "The design file (YAML)." };
        var options = Strategies.Options();
        var command = new Command("show", "Checks a design file and shows it layer by layer.\n\nExample:\n  spindle design show design.yaml") { file };
        command.SetAction(parsed =>
        {
            var design = DesignYaml.Read(parsed.GetRequiredValue(file), RegistryOf(parsed.GetValue(options)).Names);
            var table = new Table().Border(TableBorder.Minimal).AddColumns("layer", "group", "share", "strategies");
            var groups = design.Grouping.GroupOfLayers();
            var strategies = design.LayerStrategies();
            double tuned = design.Allocation.Weights.Where((_, layer) => !strategies[layer].IsEmpty).Sum();
            double[] shares = [.. Enumerable.Range(0, design.Layers).Select(layer => strategies[layer].IsEmpty ? 0 : design.Allocation.Weights[layer] / tuned)];
            // as in reports, layer 1 is the one next to the embeddings
            for (var layer = 0; layer < design.Layers; layer++)
                table.AddRow($"{layer + 1}", $"G{groups[layer] + 1}", strategies[layer].IsEmpty ? "not tuned" : $"{Bar(shares[layer] / shares.Max())} {shares[layer]:P1}", $"{strategies[layer]}");
            Console.WriteLine($"grouping {KebabCase.From(design.Grouping.Pattern)} [{string.Join(", ", design.Grouping.Sizes)}]"
                + (design.Grouping.Exact ? "" : " (the nearest possible with this number of layers)") + $", allocation {KebabCase.From(design.Allocation.Pattern)}");
            AnsiConsole.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Sample()
    {
        var backbone = Backbone();
        var count = new Option<int>("--count") { Description = "Number of designs to draw.", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed") { Description = "The random seed.", DefaultValueFactory = _ => 42 };
        var groups = new Option<int>("--groups") { Description = "The number of groups.", DefaultValueFactory = _ => new SpaceSettings().Groups };
        var strategies = new Option<string>("--strategies") { Description = "The strategies that groups may have, separated by commas.", DefaultValueFactory = _ => string.Join(',', new SpaceSettings().Strategies) };
        var options = Strategies.Options();
        var grouping = ChoiceOption.Of<GroupingPattern>("--grouping", "Fixes the grouping. every-layer samples from the space of stage S0.");
        var allocation = ChoiceOption.Of<AllocationPattern>("--allocation", "Fixes the allocation.");
        var numbering = LayersOption.Create();
        var command = new Command("sample", "Draws designs uniformly at random from all that are allowed. Prints them as YAML documents.\n\nExample:\n  spindle design sample --grouping spindle --count 3")
        {
            backbone, numbering, count, seed, groups, strategies, options, grouping, allocation,
        };
        command.SetAction(parsed =>
        {
            var layers = ShapeOf(parsed.GetRequiredValue(backbone), parsed.GetValue(numbering)).Layers.Count;
            if (parsed.GetValue(groups) is var wanted && (wanted < 1 || wanted > layers))
                throw new InvalidDataException($"--groups {wanted}: must be from 1 to the backbone's {layers} layers");
            var pattern = parsed.GetValue(grouping);
            if (pattern == GroupingPattern.Custom || parsed.GetValue(allocation) == AllocationPattern.Drawn)
                throw new InvalidDataException("--grouping custom and --allocation drawn do not constrain the design; leave them out");
            var space = new DesignSpace(layers, wanted, Strategies.Read(parsed.GetRequiredValue(strategies), RegistryOf(parsed.GetValue(options)).Costs));
            DesignConstraints constraints = pattern == GroupingPattern.EveryLayer ? DesignConstraints.EveryLayer : DesignConstraints.None with
            {
                Grouping = pattern is { } fixedTo ? LayerGrouping.Of(fixedTo, layers, wanted) : null,
                Allocation = parsed.GetValue(allocation) is { } shared ? Allocation.Of(shared, layers) : null,
            };
            var random = new Random(parsed.GetValue(seed));
            for (var index = 0; index < parsed.GetValue(count); index++)
            {
                if (index > 0) Console.WriteLine("---");
                Console.Write(DesignYaml.Write(DesignSampler.Draw(space, constraints, random)));
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Cost()
    {
        var file = new Argument<string>("file") { Description = "The design file (YAML)." };
        var (backbone, budget, options, numbering) = (Backbone(), BudgetOption(), Strategies.Options(), LayersOption.Create());
        var command = new Command("cost", "Shows the size of every strategy of a design on a backbone under a budget.\n\nExample:\n  spindle design cost design.yaml --budget 0.5%")
        {
            file, backbone, budget, options, numbering,
        };
        command.SetAction(parsed =>
        {
            var costs = RegistryOf(parsed.GetValue(options)).Costs;
            var path = parsed.GetRequiredValue(file);
            var design = DesignYaml.Read(path, costs.Names);
            var shape = ShapeOf(parsed.GetRequiredValue(backbone), parsed.GetValue(numbering));
            if (design.Layers != shape.Layers.Count) throw new InvalidDataException($"{path}: the design has {design.Layers} layers, but {shape.Name} has {shape.Layers.Count}; for an encoder-decoder, --layers sequential counts every block as a layer");
            var allowed = OptionValues.Budget(parsed.GetRequiredValue(budget)).For(shape.Parameters);
            var solved = BudgetSolver.Solve(design, allowed, shape, costs);
            if (solved is BudgetResult.Infeasible { Needed: var needed, Reason: var reason })
                throw new InvalidDataException(needed == 0 ? $"{path}: {reason}" : $"{path}: does not fit {allowed:N0} parameters: {reason}; raise --budget");
            var solution = solved.Require();
            var table = new Table().Border(TableBorder.Minimal).AddColumns("layer", "strategy", "size", "parameters");
            foreach (var layer in solution.Layers)
                foreach (var strategy in layer.Strategies)
                    table.AddRow($"{layer.Layer + 1}", strategy.Name, costs[strategy.Name].SizeName is { } size ? $"{size} {strategy.Size}" : "-", $"{strategy.Parameters:N0}");
            AnsiConsole.Write(table);
            Console.WriteLine($"{solution.Parameters:N0} of {allowed:N0} parameters, {(double)solution.Parameters / shape.Parameters:P3} of {shape.Name}, not counting the head");
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Bar(double part) => new string('█', Math.Max(1, (int)Math.Round(part * LongestBar))).PadRight(LongestBar);

    private static StrategyRegistry RegistryOf(string? options) => StrategyRegistry.Default.Configure(Strategies.ReadOptions(options));

    private static BackboneShape ShapeOf(string nameOrFolder, LayerNumbering? layers)
    {
        using var backbone = BackboneCatalogue.Outline(nameOrFolder, new() { Layers = layers ?? LayerNumbering.Paired });
        return backbone.Shape;
    }
}
