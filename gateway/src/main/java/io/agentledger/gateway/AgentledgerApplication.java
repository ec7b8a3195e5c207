package io.agentledger.gateway;

import io.agentledger.gateway.ops.ListenAddressCheck;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.rsocket.autoconfigure.RSocketServerAutoConfiguration;

/**
 * The service. This class adds the API; the other modules are auto-configurations. Spring Boot's
 * own RSocket server is excluded: the service's own one serves TCP and WebSocket with the same
 * authentication.
 */
@SpringBootApplication(exclude = RSocketServerAutoConfiguration.class)
@ConfigurationPropertiesScan
public class AgentledgerApplication {
  public static void main(String[] arguments) {
    var application = new SpringApplication(AgentledgerApplication.class);
    application.addInitializers(new ListenAddressCheck());
    application.run(arguments);
  }
}
