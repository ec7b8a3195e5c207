package io.agentledger.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.rsocket.autoconfigure.RSocketServerAutoConfiguration;

/**
 * The service. The sides come by their auto-configurations; here are the doors only. Spring Boot's
 * own RSocket server is left out: ours serves TCP and WebSocket behind one guard.
 */
@SpringBootApplication(exclude = RSocketServerAutoConfiguration.class)
@ConfigurationPropertiesScan
public class AgentledgerApplication {
  public static void main(String[] arguments) {
    SpringApplication.run(AgentledgerApplication.class, arguments);
  }
}
