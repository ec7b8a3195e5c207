package io.agentledger.gateway;

import io.agentledger.gateway.ops.GeneratedContextSelector;
import io.agentledger.gateway.ops.ListenAddressCheck;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.micrometer.metrics.autoconfigure.logging.logback.LogbackMetricsAutoConfiguration;
import org.springframework.boot.rsocket.autoconfigure.RSocketServerAutoConfiguration;

/**
 * The service. This class adds the API; the other modules are auto-configurations. Spring Boot's
 * own RSocket server is excluded: the service's own one serves TCP and WebSocket with the same
 * authentication. So is its counter of logged events: {@code LogEventMetrics} costs less.
 */
@SpringBootApplication(
    exclude = {RSocketServerAutoConfiguration.class, LogbackMetricsAutoConfiguration.class})
@ConfigurationPropertiesScan
public class AgentledgerApplication {
  /**
   * Time after its last use in which a pooled connection is not tested: longer than the intervals
   * of what an idle service reads. With half a second, which is the default, half of its
   * transactions would be such tests. After a restart of PostgreSQL, more requests can get 503.
   */
  private static final String UNTESTED_MILLIS = "com.zaxxer.hikari.aliveBypassWindowMs";

  public static void main(String[] arguments) {
    System.getProperties().putIfAbsent(UNTESTED_MILLIS, "5500");
    var application = new SpringApplication(AgentledgerApplication.class);
    var generatedContext = new GeneratedContextSelector();
    application.addListeners(generatedContext);
    application.addInitializers(new ListenAddressCheck(), generatedContext);
    application.run(arguments);
  }
}
