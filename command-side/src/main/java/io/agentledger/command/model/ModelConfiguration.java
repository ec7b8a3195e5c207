package io.agentledger.command.model;

import io.agentledger.api.model.ModelCatalog;
import io.agentledger.api.model.Upstream;
import io.agentledger.command.model.rehearsal.RehearsalUpstream;
import io.agentledger.command.model.rehearsal.ScenarioRegistry;
import io.agentledger.command.model.usage.Prices;
import io.agentledger.command.model.usage.UsageMeter;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Beans of the model gateway. This is the only place where {@code ANTHROPIC_API_KEY} is read. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelSettings.class)
public class ModelConfiguration {

  @Bean
  Prices prices(ModelSettings settings) {
    return settings.prices() == null ? Prices.loadShipped() : Prices.load(settings.prices());
  }

  /**
   * Reads and validates the price table at start, with every upstream, so that an invalid file is
   * found at once.
   */
  @Bean
  ScenarioRegistry scenarioRegistry(ModelSettings settings, Environment environment) {
    Path own = settings.rehearsal();
    String home = environment.getProperty("agentledger.home");
    if (own == null && home != null) own = Path.of(home, "rehearsal");
    return ScenarioRegistry.load(own);
  }

  @Bean
  CircuitBreaker modelCircuitBreaker() {
    return UpstreamCircuit.newBreaker();
  }

  @Bean
  UpstreamMonitor upstreamMonitor(ObjectProvider<Clock> clock, CircuitBreaker circuitBreaker) {
    return new UpstreamMonitor(clock.getIfAvailable(Clock::systemUTC), circuitBreaker);
  }

  @Bean
  MeterBinder modelMeters(UpstreamMonitor upstreamMonitor) {
    return new ModelMeters(upstreamMonitor);
  }

  @Bean
  UsageMeter.Config usageMeterConfig(
      Prices prices, ObjectProvider<Clock> clock, UpstreamMonitor upstreamMonitor) {
    return new UsageMeter.Config(
        prices, clock.getIfAvailable(Clock::systemUTC), upstreamMonitor::recordExchange);
  }

  @Bean
  ModelUpstream modelUpstream(
      ModelSettings settings, Environment environment, ScenarioRegistry scenarios) {
    String key = environment.getProperty("ANTHROPIC_API_KEY", "").strip();
    if (chooseUpstream(settings, key) == Upstream.ANTHROPIC)
      return new AnthropicUpstream(settings, new ModelKey(key));
    return new RehearsalUpstream(scenarios, settings.pacePercent());
  }

  @Bean
  ModelCatalog modelCatalog(ModelUpstream modelUpstream) {
    return new UpstreamModelCatalog(modelUpstream);
  }

  @Bean
  ModelGateway modelGateway(
      ModelUpstream modelUpstream,
      UsageMeter.Config config,
      ModelSettings settings,
      UpstreamMonitor upstreamMonitor,
      CircuitBreaker circuitBreaker,
      ObjectProvider<SpendingLimiter> spendingLimiter) {
    var monitoredUpstream = new MonitoredUpstream(modelUpstream, upstreamMonitor, config.clock());
    return new ModelGateway(
        new UpstreamCircuit(
            monitoredUpstream, circuitBreaker, config.clock(), settings.outageTimeout()),
        config,
        settings,
        spendingLimiter.getIfAvailable(() -> SpendingLimiter.UNLIMITED));
  }

  @Bean
  ModelWarmUp modelWarmUp(
      ScenarioRegistry scenarios, UsageMeter.Config config, ModelSettings settings) {
    var uncounted = new UsageMeter.Config(config.prices(), config.clock());
    return new ModelWarmUp(new RehearsalUpstream(scenarios, 0), uncounted, settings);
  }

  /**
   * Returns the configured upstream; by default the real one if there is a key, else the rehearsal.
   */
  private static Upstream chooseUpstream(ModelSettings settings, String key) {
    Upstream chosen = settings.upstream();
    if (chosen == null) return key.isEmpty() ? Upstream.REHEARSAL : Upstream.ANTHROPIC;
    if (chosen == Upstream.ANTHROPIC && key.isEmpty()) {
      throw new IllegalStateException(
          "AGENTLEDGER_MODEL_UPSTREAM is 'anthropic', but there is no ANTHROPIC_API_KEY. Set the key,"
              + " or set AGENTLEDGER_MODEL_UPSTREAM=rehearsal to run without a model.");
    }
    return chosen;
  }
}
