package io.agentledger.projection.ops;

import io.agentledger.projection.ops.ProcessorLags.ProcessorLag;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Metrics of the projections: their lag and dead letters. One lookup serves all gauges of a scrape;
 * while the database is unavailable they report NaN.
 */
final class ReadModelMeters implements MeterBinder {
  private static final String[] ACTION_TYPES = {
    "PERMISSION", "QUESTION", "CLIENT_TOOL", "ELICITATION"
  };

  private final EventProcessingConfiguration processing;
  private final CachedSupplier<Map<String, ProcessorLag>> lags;
  private final CachedSupplier<Map<String, Long>> waiting;

  ReadModelMeters(EventProcessingConfiguration processing, ProcessorLags lags, JdbcClient sql) {
    this.processing = processing;
    this.lags =
        new CachedSupplier<>(
            () ->
                lags.all().stream()
                    .collect(Collectors.toMap(ProcessorLag::processor, Function.identity())));
    this.waiting = new CachedSupplier<>(() -> countWaiting(sql));
  }

  private static Map<String, Long> countWaiting(JdbcClient sql) {
    return sql
        .sql("select type, count(*) from action_row group by type")
        .query((row, number) -> Map.entry(row.getString(1), row.getLong(2)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    processing
        .eventProcessors()
        .forEach(
            (name, processor) -> {
              if (processor instanceof StreamingEventProcessor) bind(registry, name);
            });
    for (var type : ACTION_TYPES)
      Gauge.builder(
              "agentledger.actions.waiting",
              waiting,
              cachedSupplier -> waitingCount(cachedSupplier, type))
          .description("Pending actions of all runs; the same value on every node")
          .tag("type", type.toLowerCase(java.util.Locale.ROOT))
          .register(registry);
  }

  private static double waitingCount(
      CachedSupplier<Map<String, Long>> cachedSupplier, String type) {
    return cachedSupplier.get().map(all -> (double) all.getOrDefault(type, 0L)).orElse(Double.NaN);
  }

  private void bind(MeterRegistry registry, String name) {
    Gauge.builder("agentledger.processor.lag.events", lags, lagGauge(name, ProcessorLag::events))
        .description("Events that a processor has not read yet")
        .baseUnit("events")
        .tag("processor", name)
        .register(registry);
    TimeGauge.builder(
            "agentledger.processor.lag.time",
            lags,
            TimeUnit.SECONDS,
            lagGauge(name, lag -> lag.behind().toMillis() / 1e3))
        .description("Age of the first event that a processor has not read")
        .tag("processor", name)
        .register(registry);
    Gauge.builder(
            "agentledger.processor.dead.letters", lags, lagGauge(name, ProcessorLag::deadLetters))
        .description("Events that a processor could not process; the same value on every node")
        .baseUnit("letters")
        .tag("processor", name)
        .register(registry);
  }

  private static ToDoubleFunction<CachedSupplier<Map<String, ProcessorLag>>> lagGauge(
      String processor, ToDoubleFunction<ProcessorLag> value) {
    return cachedSupplier ->
        cachedSupplier
            .get()
            .map(all -> all.get(processor))
            .map(lag -> value.applyAsDouble(lag))
            .orElse(Double.NaN);
  }
}
