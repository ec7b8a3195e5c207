package io.agentledger.command.model;

import io.agentledger.command.model.ModelSettings.UpstreamName;
import io.agentledger.command.model.rehearsal.RehearsalUpstream;
import io.agentledger.command.model.rehearsal.Scenarios;
import io.agentledger.command.model.usage.Prices;
import io.agentledger.command.model.usage.UsageMeter;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The beans of the model gateway; the key is read from {@code ANTHROPIC_API_KEY} here and nowhere
 * else.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelSettings.class)
public class ModelConfiguration {

  @Bean
  Prices prices(ModelSettings settings) {
    return settings.prices() == null ? Prices.shipped() : Prices.from(settings.prices());
  }

  /** Read and checked at start, whichever upstream answers: a broken file is never found late. */
  @Bean
  Scenarios scenarios(ModelSettings settings, Environment environment) {
    Path own = settings.rehearsal();
    String home = environment.getProperty("agentledger.home");
    if (own == null && home != null) own = Path.of(home, "rehearsal");
    return Scenarios.load(own);
  }

  @Bean
  RehearsalUpstream rehearsalUpstream(Scenarios scenarios, ModelSettings settings) {
    return new RehearsalUpstream(scenarios, settings.pacePercent());
  }

  @Bean(destroyMethod = "close")
  ModelGateway modelGateway(
      ModelSettings settings,
      Environment environment,
      RehearsalUpstream rehearsal,
      Prices prices,
      ObjectProvider<Clock> clock) {
    Upstream upstream = upstream(settings, environment.getProperty("ANTHROPIC_API_KEY"), rehearsal);
    var rule = new UsageMeter.Rule(prices, clock.getIfAvailable(Clock::systemUTC));
    return new ModelGateway(upstream, rule, settings);
  }

  static Upstream upstream(
      ModelSettings settings, @Nullable String key, RehearsalUpstream rehearsal) {
    boolean keyed = key != null && !key.isBlank();
    UpstreamName name = settings.upstream();
    if (name == UpstreamName.REHEARSAL || (name == null && !keyed)) return rehearsal;
    if (key == null || key.isBlank()) {
      throw new IllegalStateException(
          "AGENTLEDGER_MODEL_UPSTREAM is 'anthropic', but there is no ANTHROPIC_API_KEY. Set the key,"
              + " or set AGENTLEDGER_MODEL_UPSTREAM=rehearsal to run without a model.");
    }
    return new AnthropicUpstream(settings, new ModelKey(key.strip()));
  }
}
