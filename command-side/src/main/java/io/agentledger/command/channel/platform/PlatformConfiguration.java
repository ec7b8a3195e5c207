package io.agentledger.command.channel.platform;

import io.agentledger.command.support.outbound.OutboundHttpClient;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registry of the platforms that are beans. */
@Configuration(proxyBeanMethods = false)
public class PlatformConfiguration {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration MEDIA_TIMEOUT = Duration.ofMinutes(2);

  @Bean
  PlatformClient platformClient(OutboundHttpClient outbound) {
    return new PlatformClient(outbound, TIMEOUT, MEDIA_TIMEOUT);
  }

  @Bean
  PlatformRegistry platformRegistry(ObjectProvider<Platform> platforms) {
    return new PlatformRegistry(platforms.stream().toList());
  }
}
