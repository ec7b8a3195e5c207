package io.agentledger.gateway.session;

import io.agentledger.api.agent.AgentQuery.FindAgent;
import io.agentledger.api.agent.AgentQuery.FindAgentVersion;
import io.agentledger.api.agent.AgentSkill;
import io.agentledger.api.agent.AgentSnapshot.Skill;
import io.agentledger.api.agent.AgentVersion;
import io.agentledger.api.agent.AgentVersionView;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.agent.DefaultAgentIds;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.prompt.QueryInNewSessionRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Opens sessions with agents. Fields of the request and of its template override those of the
 * agent; the result is checked as if the caller had sent all of them.
 */
@Component
class SessionAgentService {
  private final MessageGateway messageGateway;
  private final WireJson json;
  private final RequestValidator validator;
  private final DefaultAgentIds defaultAgentIds;

  SessionAgentService(
      MessageGateway messageGateway,
      WireJson json,
      RequestValidator validator,
      DefaultAgentIds defaultAgentIds) {
    this.messageGateway = messageGateway;
    this.json = json;
    this.validator = validator;
    this.defaultAgentIds = defaultAgentIds;
  }

  /** Fields of an agent in the version that was requested. */
  private record SelectedAgent(AgentVersion version, Json session) {
    static SelectedAgent from(AgentView agent) {
      return new SelectedAgent(
          new AgentVersion(
              agent.id(),
              agent.version(),
              agent.name(),
              orEmpty(agent.instructions()),
              skills(agent.skills()),
              agent.writableFolders()),
          agent.session());
    }

    static SelectedAgent from(AgentView agent, AgentVersionView version) {
      return new SelectedAgent(
          new AgentVersion(
              agent.id(),
              version.version(),
              version.name(),
              orEmpty(version.instructions()),
              skills(version.skills()),
              version.writableFolders()),
          version.session());
    }

    private static List<Skill> skills(List<AgentSkill> skills) {
      return skills.stream().map(skill -> new Skill(skill.name(), skill.digest())).toList();
    }

    private static String orEmpty(@Nullable String instructions) {
      return instructions == null ? "" : instructions;
    }
  }

  /** Returns the fields of a session for a query, with its agent. */
  Mono<SessionSpecFields> resolve(RequestContext context, QueryInNewSessionRequest request) {
    var session =
        new ResolvedSession(
            request.toSession(), new SessionOrigin.Fresh(), null, request.flatOptions(), null);
    return resolve(context, session).cast(SessionSpecFields.class);
  }

  /** Returns the session with the agent that it names, or with the default one. */
  Mono<ResolvedSession> resolve(RequestContext context, ResolvedSession session) {
    var id = session.request().agentId();
    var version = session.request().agentVersion();
    if (id == null)
      return version == null
          ? resolveDefault(context, session)
          : Mono.error(
              InvalidRequestException.body("/agent_version", "must be given with agent_id only"));
    if (version != null && version < 1)
      return Mono.error(InvalidRequestException.body("/agent_version", "must be 1 or more"));
    return messageGateway
        .query(context, new FindAgent(context.tenant(), id), AgentView.class)
        .flatMap(agent -> select(context, agent, version))
        .flatMap(agent -> messageGateway.offload(() -> Mono.just(apply(agent, session))));
  }

  /**
   * Returns the session with the tenant's default agent. It is unchanged, which means the defaults
   * of the service, if that agent is archived, not shared with the caller, or not installed yet.
   */
  private Mono<ResolvedSession> resolveDefault(RequestContext context, ResolvedSession session) {
    if (!context.caller().has(Scope.SESSIONS_READ)) return Mono.just(session);
    var id = defaultAgentIds.idFor(context.tenant());
    return messageGateway
        .query(context, new FindAgent(context.tenant(), id), AgentView.class)
        .onErrorResume(
            RejectionException.class,
            exception ->
                exception.rejection() instanceof NotFound ? Mono.empty() : Mono.error(exception))
        .filter(agent -> agent.archivedAt() == null)
        .flatMap(
            agent ->
                messageGateway.offload(() -> Mono.just(apply(SelectedAgent.from(agent), session))))
        .defaultIfEmpty(session);
  }

  private Mono<SelectedAgent> select(
      RequestContext context, AgentView agent, @Nullable Long version) {
    if (agent.archivedAt() != null)
      return Mono.error(new RejectionException(new Archived("agent", agent.id().value())));
    if (version == null || version == agent.version()) return Mono.just(SelectedAgent.from(agent));
    return messageGateway
        .query(
            context,
            new FindAgentVersion(context.tenant(), agent.id(), version),
            AgentVersionView.class)
        .map(view -> SelectedAgent.from(agent, view));
  }

  private ResolvedSession apply(SelectedAgent agent, ResolvedSession session) {
    var merged = json.parseObject(agent.session().text());
    if (merged.isEmpty()) return session.with(agent.version());
    var flatOptions = session.flatOptions();
    if (flatOptions != null && merged.get("options") instanceof ObjectNode options)
      removeGiven(flatOptions, options);
    var given = json.parseObject(json.toText(session.request().withoutAgent()));
    SessionTemplateService.mergeInto(given, merged);
    return new ResolvedSession(
        validator.check(json.read(merged, CreateSessionRequest.class)),
        session.origin(),
        session.prompt(),
        flatOptions,
        agent.version());
  }

  private void removeGiven(SessionOptionsRequest given, ObjectNode options) {
    for (var option : json.toTree(given).properties())
      if (!option.getValue().isNull()) options.remove(option.getKey());
  }
}
