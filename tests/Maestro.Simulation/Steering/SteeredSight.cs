using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Steering;

/// <summary>
/// Who observes simulated hosts, for one controller: itself, by what each member says to it, and each orchestrator, by echoes. What orchestrators say while the
/// controller stands still waits for it, and comes at once when it wakes.
/// </summary>
internal sealed class SteeredSight(ControllerProcess process) : IMemberSight
{
    public const string Here = "this controller";

    // One probe in two hundred is lost on the best day.
    private const double UsualLoss = 0.005;

    private readonly SeededRandom _random = process.Random.Stream("probes");

    private History History => process.History;

    private SteeredWorld World => process.History.Steered!;

    public IReadOnlyList<string> Observers => [Here, .. World.Orchestrators.Select(o => o.Id)];

    public IDisposable Begin(IReadOnlyList<MemberRef> members, TimeSpan interval, Action<MemberSighting> report)
    {
        var running = new Running();
        var hosts = members.Select(m => World.Hosts.FirstOrDefault(h => h.Id == m.Gateway)).ToList();
        foreach (var orchestrator in World.Orchestrators)
        {
            // Each at its own moment within the interval.
            var first = TimeSpan.FromMilliseconds(_random.Next((int)interval.TotalMilliseconds));
            var waiting = new Queue<MemberSighting>();
            running.Add(History.Scheduler.Clock.CreateTimer(_ => Round(), null, first, interval));

            void Round()
            {
                if (process.IsDead) running.Dispose();
                if (running.IsOver) return;
                if (orchestrator.IsUp && !History.Probes.IsCut(orchestrator.Id, process.Name)) waiting.Enqueue(new MemberSighting(orchestrator.Id, TimeSpan.Zero, [.. hosts.Select(h => Answers(orchestrator.Id, h))]));
                while (!process.IsPaused && waiting.TryDequeue(out var round)) report(round);
            }
        }

        var due = History.Now;
        Listen();
        return running;

        // Its own rounds are as late as it is itself; those that were missed are not made up for.
        void Listen()
        {
            due += interval;
            running.Next = process.Clock.CreateTimer(_ => Hear(), null, due > History.Now ? due - History.Now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        void Hear()
        {
            if (running.IsOver) return;
            var late = History.Now - due;
            if (late > interval) due += late;
            report(new MemberSighting(Here, late > TimeSpan.Zero ? late : TimeSpan.Zero, [.. hosts.Select(h => Answers(process.Name, h))]));
            Listen();
        }
    }

    private bool Answers(string observer, SteeredHost? host) =>
        host is not null && host.Gateway.Answers && !History.Probes.Loses(observer, host.Id, _random, UsualLoss);

    private sealed class Running : IDisposable
    {
        private readonly List<ITimer> _timers = [];

        public bool IsOver { get; private set; }

        /// <summary>Of who sets one after the other, the newest.</summary>
        public ITimer? Next { get; set; }

        public void Add(ITimer timer) => _timers.Add(timer);

        public void Dispose()
        {
            IsOver = true;
            Next?.Dispose();
            foreach (var timer in _timers) timer.Dispose();
        }
    }
}
