package io.agentledger.command.support.outbound;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The guarded way out, for every feature whose users name addresses. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OutboundSettings.class)
public class OutboundConfiguration {
  @Bean
  Destinations destinations(OutboundSettings settings) {
    return new Destinations(settings, NameLookup.ofTheSystem());
  }

  @Bean
  Outbound outbound(OutboundSettings settings, Destinations destinations) {
    return new Outbound(settings, destinations);
  }
}
