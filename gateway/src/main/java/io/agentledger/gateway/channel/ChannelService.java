package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelCommand.ArchiveChannel;
import io.agentledger.api.channel.ChannelCommand.ChangeChannel;
import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelCommand.CreateChannel;
import io.agentledger.api.channel.ChannelCommand.PauseChannel;
import io.agentledger.api.channel.ChannelCommand.ResumeChannel;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelPlatforms;
import io.agentledger.api.channel.ChannelPlatforms.Fault;
import io.agentledger.api.channel.ChannelQuery.ChannelFilter;
import io.agentledger.api.channel.ChannelQuery.FindChannel;
import io.agentledger.api.channel.ChannelQuery.ListChannelVersions;
import io.agentledger.api.channel.ChannelQuery.ListChannels;
import io.agentledger.api.channel.ChannelTestView;
import io.agentledger.api.channel.ChannelVersionView;
import io.agentledger.api.channel.ChannelView;
import io.agentledger.api.channel.ChatSessionOpener;
import io.agentledger.api.channel.PlatformView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on channels, shared by REST and RSocket. */
@Component
class ChannelService {
  private static final int PLATFORM_LENGTH_MAX = 40;

  private final MessageGateway messageGateway;
  private final ObjectProvider<ChannelPlatforms> platforms;
  private final ChatSessionOpener sessions;

  ChannelService(
      MessageGateway messageGateway,
      ObjectProvider<ChannelPlatforms> platforms,
      ChatSessionOpener sessions) {
    this.messageGateway = messageGateway;
    this.platforms = platforms;
    this.sessions = sessions;
  }

  /** Platforms that channels can have. */
  record PlatformList(List<PlatformView> items) {}

  Mono<PlatformList> listPlatforms(RequestContext context) {
    MessageAuthorizer.checkScopes(ListChannels.class, context.metadata());
    return messageGateway.offload(() -> Mono.just(new PlatformList(platforms.getObject().list())));
  }

  Mono<ChannelView> create(
      RequestContext context, SaveChannelRequest request, @Nullable Idempotency idempotency) {
    requireScopes(context, CreateChannel.class);
    var properties = request.toProperties(context.caller());
    var definition = request.toDefinition();
    return check(context, Mono.just(context.caller()), properties, definition)
        .then(
            messageGateway.<ChannelId>send(
                context,
                new CreateChannel(
                    ChannelId.next(),
                    context.caller().user(),
                    properties,
                    definition,
                    idempotency)))
        .flatMap(id -> find(context, id));
  }

  Mono<ChannelView> change(
      RequestContext context, ChannelId id, long version, SaveChannelRequest request) {
    requireScopes(context, ChangeChannel.class);
    var properties = request.toProperties(context.caller());
    var definition = request.toDefinition();
    return find(context, id)
        .doOnNext(known -> requireSamePlatform(known, properties))
        .then(Mono.defer(() -> check(context, findPrincipal(context, id), properties, definition)))
        .then(messageGateway.send(context, new ChangeChannel(id, properties, definition, version)))
        .then(find(context, id));
  }

  private static void requireSamePlatform(ChannelView known, ChannelProperties changed) {
    if (!known.platform().equals(changed.platform()))
      throw InvalidRequestException.body(
          "/platform", "must be " + known.platform() + ": create another channel instead");
  }

  private static void requireScopes(RequestContext context, Class<?> command) {
    MessageAuthorizer.checkScopes(command, context.metadata());
    MessageAuthorizer.checkScopes(FindChannel.class, context.metadata());
  }

  /** Returns the user as whom the agent will act, whose rights its session needs. */
  private Mono<Caller> findPrincipal(RequestContext context, ChannelId id) {
    return messageGateway
        .offload(() -> Mono.justOrEmpty(platforms.getObject().findPrincipal(context.caller(), id)))
        .switchIfEmpty(
            Mono.error(
                () ->
                    InvalidRequestException.body(
                        "/agent/session",
                        "cannot be opened: the owner of the channel is disabled or has left")));
  }

  private Mono<Void> check(
      RequestContext context,
      Mono<Caller> principal,
      ChannelProperties properties,
      ChannelDefinition definition) {
    Mono<Void> fields =
        messageGateway.offload(
            () -> {
              var known = platforms.getObject();
              requireNone(
                  known.check(
                      properties.platform(), definition, properties.credentials().keySet()));
              requireNone(known.checkSecrets(context.caller(), properties, definition));
              return Mono.empty();
            });
    return fields.then(Mono.defer(() -> checkSession(context, principal, definition)));
  }

  private static void requireNone(List<Fault> faults) {
    if (!faults.isEmpty())
      throw new InvalidRequestException(
          faults.stream()
              .map(fault -> Violation.body("/" + fault.field(), fault.message()))
              .toList());
  }

  /** The session of the first chat would fail otherwise, when nobody looks. */
  private Mono<Void> checkSession(
      RequestContext context, Mono<Caller> principal, ChannelDefinition definition) {
    return definition.agent() instanceof ChannelAgent.Internal(var session)
        ? principal.flatMap(
            caller ->
                Mono.fromCompletionStage(
                    () -> sessions.check(caller, context.requestId(), session)))
        : Mono.empty();
  }

  Mono<Page<ChannelView>> list(RequestContext context, ChannelFilter filter, PageRequest page) {
    QueryParameters.requireText("platform", filter.platform(), PLATFORM_LENGTH_MAX);
    QueryParameters.requireText("text", filter.text());
    return messageGateway.queryPage(context, new ListChannels(context.tenant(), filter, page));
  }

  Mono<Page<ChannelVersionView>> listVersions(
      RequestContext context, ChannelId id, PageRequest page) {
    return messageGateway.queryPage(context, new ListChannelVersions(context.tenant(), id, page));
  }

  Mono<ChannelView> find(RequestContext context, ChannelId id) {
    return messageGateway.query(context, new FindChannel(context.tenant(), id), ChannelView.class);
  }

  Mono<ChannelView> pause(RequestContext context, ChannelId id, @Nullable Idempotency idempotency) {
    requireScopes(context, PauseChannel.class);
    return messageGateway.send(context, new PauseChannel(id, idempotency)).then(find(context, id));
  }

  Mono<ChannelView> resume(
      RequestContext context, ChannelId id, @Nullable Idempotency idempotency) {
    requireScopes(context, ResumeChannel.class);
    return messageGateway.send(context, new ResumeChannel(id, idempotency)).then(find(context, id));
  }

  Mono<Void> archive(RequestContext context, ChannelId id) {
    return messageGateway.sendAndAwait(
        context, new ArchiveChannel(id), new FindChannel(context.tenant(), id));
  }

  /** Asks the platform for the account of a channel. */
  Mono<ChannelTestView> test(RequestContext context, ChannelId id) {
    requireScopes(context, ChangeChannel.class);
    return find(context, id)
        .flatMap(
            channel ->
                messageGateway.offload(
                    () -> Mono.just(platforms.getObject().test(context.tenant(), id))));
  }
}
