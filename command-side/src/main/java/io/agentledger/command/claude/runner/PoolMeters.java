package io.agentledger.command.claude.runner;

import io.agentledger.command.claude.run.ProcessSupervisor;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Metrics of the node's CLI processes. */
final class PoolMeters implements MeterBinder {
  private final ProcessPool<ProcessSupervisor> pool;
  private final PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses;

  PoolMeters(
      ProcessPool<ProcessSupervisor> pool,
      PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses) {
    this.pool = pool;
    this.prewarmedProcesses = prewarmedProcesses;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("agentledger.cli.processes", pool, processPool -> processPool.count().busy())
        .description("CLI processes of this node")
        .baseUnit("processes")
        .tag("state", "busy")
        .register(registry);
    Gauge.builder("agentledger.cli.processes", pool, processPool -> processPool.count().idle())
        .description("CLI processes of this node")
        .baseUnit("processes")
        .tag("state", "idle")
        .register(registry);
    Gauge.builder("agentledger.cli.processes.max", pool, processPool -> processPool.count().max())
        .description("Maximum number of CLI processes that are kept")
        .register(registry);
    Gauge.builder("agentledger.cli.prewarmed", prewarmedProcesses, PrewarmedProcesses::countReady)
        .description("CLI processes that wait for a session to be opened")
        .baseUnit("processes")
        .register(registry);
    FunctionCounter.builder(
            "agentledger.cli.prewarmed.starts", prewarmedProcesses, PrewarmedProcesses::hits)
        .description("First processes of sessions with an empty workspace")
        .tag("result", "hit")
        .register(registry);
    FunctionCounter.builder(
            "agentledger.cli.prewarmed.starts", prewarmedProcesses, PrewarmedProcesses::misses)
        .description("First processes of sessions with an empty workspace")
        .tag("result", "miss")
        .register(registry);
  }
}
