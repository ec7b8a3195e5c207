package io.agentledger.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The service. The sides come by their auto-configurations; here are the doors only. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class AgentledgerApplication {
  public static void main(String[] arguments) {
    SpringApplication.run(AgentledgerApplication.class, arguments);
  }
}
