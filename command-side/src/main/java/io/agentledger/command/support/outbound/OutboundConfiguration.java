package io.agentledger.command.support.outbound;

import io.agentledger.store.NodeHome;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans for outbound requests to addresses that users give. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OutboundSettings.class)
public class OutboundConfiguration {
  @Bean
  DestinationPolicy destinationPolicy(OutboundSettings settings, NodeHome home) {
    var permits = new OutboundPermitsFile(home.root().resolve(OutboundPermitsFile.NAME));
    return new DestinationPolicy(settings, permits, DnsResolver.system());
  }

  @Bean
  OutboundHttpClient outbound(OutboundSettings settings, DestinationPolicy destinations) {
    return new OutboundHttpClient(settings, destinations);
  }
}
