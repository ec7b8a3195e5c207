package io.agentledger.command.model;

import io.agentledger.command.model.usage.Cost;
import io.agentledger.command.model.usage.ModelExchange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Metrics of exchanges with models, named by OpenTelemetry's conventions. They are tagged with the
 * model, up to a maximum number of models, and not with users or sessions.
 */
final class ModelMeters implements MeterBinder {
  private static final int MODELS_MAX = 40;
  private static final double NANOS_PER_DOLLAR = 1e9;

  private final UpstreamMonitor upstreamMonitor;
  private final Set<String> models = ConcurrentHashMap.newKeySet();

  ModelMeters(UpstreamMonitor upstreamMonitor) {
    this.upstreamMonitor = upstreamMonitor;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder(
            "agentledger.model.circuit.open",
            upstreamMonitor,
            monitor -> monitor.isCircuitOpen() ? 1 : 0)
        .description("1 while requests wait because the model API is not available")
        .register(registry);
    upstreamMonitor.addExchangeListener(exchange -> recordExchange(registry, exchange));
    upstreamMonitor.addFailureListener(
        failure -> {
          var tags =
              Tags.of("gen_ai.provider.name", failure.upstream().name().toLowerCase(Locale.ROOT));
          recordDuration(
              registry,
              tags.and("gen_ai.response.model", "none"),
              failure.errorType(),
              failure.duration());
        });
  }

  private void recordExchange(MeterRegistry registry, ModelExchange exchange) {
    var tags =
        Tags.of(
            "gen_ai.provider.name",
            exchange.upstream(),
            "gen_ai.response.model",
            modelTag(exchange));
    if (exchange.phase()
        == ModelExchange.Phase.FINAL) // An interrupted exchange has failed or was cancelled.
    recordDuration(
          registry, tags, "none", Duration.between(exchange.startedAt(), exchange.recordedAt()));
    var usage = exchange.usage().tokens();
    recordTokens(registry, tags, "input", usage.inputTokens());
    recordTokens(registry, tags, "output", usage.outputTokens());
    recordTokens(registry, tags, "cache_read", usage.cacheReadTokens());
    recordTokens(
        registry, tags, "cache_write", usage.cacheWriteTokens() + usage.longCacheWriteTokens());
    long nanos = exchange.simulated() ? 0 : exchange.cost().nanos();
    Counter.builder("agentledger.model.cost")
        .description("Cost of exchanges with models, if their prices are known")
        .baseUnit("usd")
        .tags(tags)
        .register(registry)
        .increment(nanos / NANOS_PER_DOLLAR);
  }

  private static void recordDuration(
      MeterRegistry registry, Tags tags, String error, Duration took) {
    Timer.builder("gen_ai.client.operation.duration")
        .description("Duration of exchanges with models")
        .tags(tags.and("gen_ai.operation.name", "chat", "error.type", error))
        .register(registry)
        .record(took);
  }

  private static void recordTokens(MeterRegistry registry, Tags tags, String type, long count) {
    DistributionSummary.builder("gen_ai.client.token.usage")
        .description("Tokens of an exchange with a model")
        .baseUnit("tokens")
        .tags(tags.and("gen_ai.operation.name", "chat", "gen_ai.token.type", type))
        .register(registry)
        .record(count);
  }

  /**
   * Returns the model's tag. Names come from requests, so only models with a price are used, up to
   * a maximum number.
   */
  private String modelTag(ModelExchange exchange) {
    var model = exchange.model();
    if (exchange.cost().basis() != Cost.Basis.LISTED) return "other";
    if (!models.contains(model) && models.size() >= MODELS_MAX) return "other";
    models.add(model);
    return model;
  }
}
