package io.agentledger.scripted;

import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelPlatforms;
import io.agentledger.api.channel.ChannelReceiver;
import io.agentledger.api.channel.ChannelTestView;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.PlatformView;
import io.agentledger.api.channel.Visitor;
import io.agentledger.api.channel.VisitorToken;
import io.agentledger.api.channel.WidgetVisitors;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.NewSessionIds;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.DirectoryRefused;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.trigger.DeliveryPreview;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerEvaluator;
import io.agentledger.api.trigger.TriggerView;
import io.agentledger.api.trigger.WebhookReceiver;
import io.agentledger.api.trigger.WebhookRequest;
import io.agentledger.api.workspace.HostDirectories;
import io.agentledger.api.workspace.NamedDirectory;
import io.agentledger.gateway.AgentledgerApplication;
import io.agentledger.scripted.openapi.OpenApiConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.axonframework.commandhandling.AnnotationCommandHandlerAdapter;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.messaging.Message;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.QueryGateway;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.queryhandling.annotation.AnnotationQueryHandlerAdapter;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.webflux.core.configuration.SpringDocWebFluxConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.rsocket.autoconfigure.RSocketMessagingAutoConfiguration;
import org.springframework.boot.rsocket.autoconfigure.RSocketStrategiesAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;

/** The API with {@link ScriptedBackend} behind it: no database, no CLI. */
@SpringBootConfiguration
@ConfigurationPropertiesScan("io.agentledger.gateway")
@ComponentScan(
    basePackages = "io.agentledger.gateway",
    excludeFilters =
        @ComponentScan.Filter(
            type = FilterType.ASSIGNABLE_TYPE,
            classes = AgentledgerApplication.class))
@ImportAutoConfiguration({
  JacksonAutoConfiguration.class,
  CodecsAutoConfiguration.class,
  ValidationAutoConfiguration.class,
  WebFluxAutoConfiguration.class,
  ErrorWebFluxAutoConfiguration.class,
  HttpHandlerAutoConfiguration.class,
  NettyReactiveWebServerAutoConfiguration.class,
  RSocketStrategiesAutoConfiguration.class,
  RSocketMessagingAutoConfiguration.class,
  ReactiveWebSecurityAutoConfiguration.class,
  SpringDocConfiguration.class,
  SpringDocConfigProperties.class,
  SpringDocWebFluxConfiguration.class,
})
@Import(OpenApiConfiguration.class)
public class ApiOnlyApplication {
  /** Address at which webhooks are received. */
  public static final WebhookReceiver.WebhookAddress WEBHOOKS =
      new WebhookReceiver.WebhookAddress("scripted", null);

  /** The only body that is accepted there. */
  public static final String WEBHOOK = "valid";

  @Bean
  EmptyWorkspaceFiles files() {
    return new EmptyWorkspaceFiles();
  }

  /** Provider without directories of the host. */
  @Bean
  HostDirectories directories() {
    return new HostDirectories() {
      @Override
      public CompletionStage<List<NamedDirectory>> list() {
        return CompletableFuture.completedFuture(List.of());
      }

      @Override
      public CompletionStage<List<SessionDirectory>> resolve(
          List<String> requested, boolean owner) {
        return CompletableFuture.failedFuture(
            new RejectionException(new DirectoryRefused(0, "unknown", "must be one that exists")));
      }

      @Override
      public CompletionStage<BoundFolder> bind(Path folder) {
        return CompletableFuture.failedFuture(
            new RejectionException(new WorkspaceRefused("not_found", "There is none.")));
      }
    };
  }

  /** Evaluator that accepts every definition, and starts nothing. */
  @Bean
  TriggerEvaluator triggerEvaluator() {
    return new TriggerEvaluator() {
      @Override
      public void check(TriggerDefinition definition) {}

      @Override
      public boolean canBeDefault(TenantId tenant) {
        return true;
      }

      @Override
      public DeliveryPreview preview(TriggerView trigger, WebhookRequest request) {
        return DeliveryPreview.failed("The payload cannot be processed.");
      }
    };
  }

  /** Platforms that accept every channel. */
  @Bean
  ChannelPlatforms channelPlatforms() {
    return new ChannelPlatforms() {
      @Override
      public List<PlatformView> list() {
        return List.of();
      }

      @Override
      public List<Fault> check(
          String platform, ChannelDefinition definition, Set<String> credentials) {
        return List.of();
      }

      @Override
      public List<Fault> checkSecrets(
          Caller caller, ChannelProperties properties, ChannelDefinition definition) {
        return List.of();
      }

      @Override
      public ChannelTestView test(TenantId tenant, ChannelId channelId) {
        return new ChannelTestView(true, "", "");
      }

      @Override
      public Optional<Caller> findPrincipal(Caller editor, ChannelId channelId) {
        return Optional.of(editor);
      }
    };
  }

  /** Visitors of pages of every origin, with any token. */
  @Bean
  WidgetVisitors widgetVisitors() {
    return new WidgetVisitors() {
      @Override
      public boolean isAllowedOrigin(ChannelId channelId, String origin) {
        return true;
      }

      @Override
      public Optional<VisitorToken> visit(
          ChannelId channelId, Identity identity, String name, String source) {
        return Optional.of(new VisitorToken("token", Instant.EPOCH));
      }

      @Override
      public Optional<Visitor> find(ChannelId channelId, String token) {
        return token.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Visitor(
                    TenantId.next(), channelId, new ChatId("cht_2222222222"), "anonymous:1", ""));
      }

      @Override
      public ChatMessageId receive(Visitor visitor, String messageId, String text, String source) {
        return ChatMessageId.of(visitor.channelId(), messageId);
      }
    };
  }

  /** Receiver without channels. */
  @Bean
  ChannelReceiver channelReceiver() {
    return (address, headers) -> Optional.empty();
  }

  /** Receiver with the default trigger of one provider, which accepts one body. */
  @Bean
  WebhookReceiver webhookReceiver() {
    return new WebhookReceiver() {
      @Override
      public int findBodyLimit(WebhookAddress address, WebhookRequest headers) {
        return address.equals(WEBHOOKS) ? WEBHOOK.length() : 0;
      }

      @Override
      public Optional<WebhookResponse> receive(
          WebhookAddress address, WebhookRequest request, RequestSource source) {
        return new String(request.body(), StandardCharsets.UTF_8).equals(WEBHOOK)
            ? Optional.of(new WebhookReceipt(InboundDeliveryId.next(), false))
            : Optional.empty();
      }
    };
  }

  @Bean
  NewSessionIds newSessionIds() {
    return (tenant, spec) -> SessionId.next();
  }

  @Bean
  ScriptedBackend sides() {
    return new ScriptedBackend();
  }

  @Bean
  ScriptedTokens tokens() {
    return new ScriptedTokens();
  }

  @Bean
  CountingDenialRecorder refusalsOfTheTest() {
    return new CountingDenialRecorder();
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  CommandGateway commandGateway(ScriptedBackend backend) {
    var bus = SimpleCommandBus.builder().build();
    new AnnotationCommandHandlerAdapter<>(backend).subscribe(bus);
    bus.registerDispatchInterceptor(
        messages -> (index, command) -> requireKnownSession(backend, command));
    return DefaultCommandGateway.builder().commandBus(bus).build();
  }

  @Bean
  QueryGateway queryGateway(ScriptedBackend backend) {
    var bus = SimpleQueryBus.builder().build();
    new AnnotationQueryHandlerAdapter<>(backend).subscribe(bus);
    bus.registerDispatchInterceptor(
        messages -> (index, query) -> requireKnownSession(backend, query));
    return DefaultQueryGateway.builder().queryBus(bus).build();
  }

  /** Rejects unknown sessions as not found. */
  private static <M extends Message<?>> M requireKnownSession(ScriptedBackend backend, M message) {
    var type = message.getPayloadType();
    if (Arrays.stream(backend.getClass().getDeclaredMethods())
        .filter(
            method ->
                method.isAnnotationPresent(CommandHandler.class)
                    || method.isAnnotationPresent(QueryHandler.class))
        .noneMatch(method -> method.getParameterTypes()[0] == type))
      throw new RejectionException(new Rejection.NotFound("script", type.getSimpleName()));
    return message;
  }
}
