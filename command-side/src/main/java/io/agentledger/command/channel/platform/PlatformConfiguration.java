package io.agentledger.command.channel.platform;

import io.agentledger.command.channel.platform.http.HttpPlatform;
import io.agentledger.command.channel.platform.slack.SlackPlatform;
import io.agentledger.command.channel.platform.telegram.TelegramPlatform;
import io.agentledger.command.channel.platform.twilio.TwilioPlatform;
import io.agentledger.command.channel.platform.whatsapp.CloudPlatform;
import io.agentledger.command.channel.platform.widget.WidgetPlatform;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The platforms, and their registry. A new platform is listed here. */
@Configuration(proxyBeanMethods = false)
@Import({
  HttpPlatform.class,
  TelegramPlatform.class,
  TwilioPlatform.class,
  CloudPlatform.class,
  SlackPlatform.class,
  WidgetPlatform.class
})
public class PlatformConfiguration {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration MEDIA_TIMEOUT = Duration.ofMinutes(2);

  @Bean
  PlatformClient platformClient(OutboundHttpClient outbound) {
    return new PlatformClient(outbound, TIMEOUT, MEDIA_TIMEOUT);
  }

  @Bean
  PlatformRegistry platformRegistry(List<Platform> platforms) {
    return new PlatformRegistry(platforms);
  }
}
