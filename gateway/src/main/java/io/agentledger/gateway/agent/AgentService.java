package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentCommand.ArchiveAgent;
import io.agentledger.api.agent.AgentCommand.ChangeAgent;
import io.agentledger.api.agent.AgentCommand.CreateAgent;
import io.agentledger.api.agent.AgentCommand.RestoreAgent;
import io.agentledger.api.agent.AgentDefinition;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentQuery.FindAgent;
import io.agentledger.api.agent.AgentQuery.FindAgentVersion;
import io.agentledger.api.agent.AgentQuery.ListAgentVersions;
import io.agentledger.api.agent.AgentQuery.ListAgents;
import io.agentledger.api.agent.AgentSkill;
import io.agentledger.api.agent.AgentVersionView;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.agent.SkillStore;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.json.SessionValueRedactor;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.NormalizedName;
import io.agentledger.gateway.support.validation.ToolNameValidator;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on agents, shared by REST and RSocket. */
@Component
class AgentService {
  private static final int NAME_LENGTH_MAX = 255;

  private final MessageGateway messageGateway;
  private final AgentValidator agentValidator;
  private final ToolNameValidator toolNameValidator;
  private final SessionValueRedactor redactor;
  private final SkillStore skillStore;
  private final WireJson json;

  AgentService(
      MessageGateway messageGateway,
      AgentValidator agentValidator,
      ToolNameValidator toolNameValidator,
      SessionValueRedactor redactor,
      SkillStore skillStore,
      WireJson json) {
    this.messageGateway = messageGateway;
    this.agentValidator = agentValidator;
    this.toolNameValidator = toolNameValidator;
    this.redactor = redactor;
    this.skillStore = skillStore;
    this.json = json;
  }

  Mono<AgentView> create(
      RequestContext context, AgentRequest request, @Nullable Idempotency idempotency) {
    return create(context, new NewAgent(AgentId.next(), StoredSkills.NONE), request, idempotency);
  }

  /**
   * Skills of a definition, which are stored already.
   *
   * @param added those that were stored for this definition; they are deleted if it is refused
   */
  record StoredSkills(List<AgentSkill> all, List<AgentSkill> added) {
    static final StoredSkills NONE = unchanged(List.of());

    static StoredSkills unchanged(List<AgentSkill> skills) {
      return new StoredSkills(skills, List.of());
    }
  }

  /** Id of an agent to create, and its skills. */
  record NewAgent(AgentId id, StoredSkills skills) {}

  Mono<AgentView> create(
      RequestContext context,
      NewAgent agent,
      AgentRequest request,
      @Nullable Idempotency idempotency) {
    var definition = request.toDefinition(agent.skills().all());
    var command =
        new CreateAgent(
            agent.id(),
            context.caller().user(),
            request.sharingOrPrivate(),
            request.sharedUsers().sorted(),
            request.name(),
            definition,
            idempotency);
    return deleteIfRefused(
            agent.skills(),
            check(context, command, request, definition)
                .then(messageGateway.<AgentId>send(context, command)))
        .onErrorMap(request.sharedUsers()::withPointer)
        .flatMap(
            id -> // That of the first request if this one repeats it.
            id.equals(agent.id()) ? Mono.just(id) : delete(agent.skills()).thenReturn(id))
        .flatMap(id -> find(context, id));
  }

  /** Changes an agent, which keeps its skills. */
  Mono<AgentView> change(RequestContext context, AgentId id, long version, AgentRequest request) {
    MessageAuthorizer.checkScopes(ChangeAgent.class, context.metadata());
    return load(context, id)
        .flatMap(
            agent -> change(context, id, version, request, StoredSkills.unchanged(agent.skills())));
  }

  /** Changes an agent and its skills. */
  Mono<AgentView> change(
      RequestContext context, AgentId id, long version, AgentRequest request, StoredSkills skills) {
    var definition = request.toDefinition(skills.all());
    var command =
        new ChangeAgent(
            id,
            request.sharingOrPrivate(),
            request.sharedUsers().sorted(),
            request.name(),
            definition,
            version);
    return deleteIfRefused(
            skills,
            check(context, command, request, definition)
                .then(messageGateway.send(context, command)))
        .onErrorMap(request.sharedUsers()::withPointer)
        .then(find(context, id));
  }

  /**
   * Replaces the skills of an agent.
   *
   * @param agent with all of its values
   */
  Mono<AgentView> change(RequestContext context, AgentView agent, StoredSkills skills) {
    var definition =
        new AgentDefinition(
            agent.description(),
            agent.session(),
            agent.instructions(),
            skills.all(),
            agent.writableFolders());
    var command =
        new ChangeAgent(
            agent.id(),
            agent.sharing(),
            agent.sharedWith() == null ? List.of() : agent.sharedWith(),
            agent.name(),
            definition,
            agent.version());
    return deleteIfRefused(skills, messageGateway.send(context, command))
        .then(find(context, agent.id()));
  }

  /** Deletes added skills if the command was refused, but not if its outcome is unknown. */
  private <T> Mono<T> deleteIfRefused(StoredSkills skills, Mono<T> command) {
    return command.onErrorResume(
        error ->
            error instanceof RejectionException || error instanceof InvalidRequestException
                ? delete(skills).then(Mono.error(error))
                : Mono.error(error));
  }

  private Mono<Void> delete(StoredSkills skills) {
    return messageGateway.offload(
        () -> {
          skills.added().forEach(skill -> skillStore.delete(skill.digest()));
          return Mono.empty();
        });
  }

  /** Checks the definition for callers who may send the command. */
  private Mono<Void> check(
      RequestContext context, Object command, AgentRequest request, AgentDefinition definition) {
    MessageAuthorizer.check(command, context.metadata());
    MessageAuthorizer.checkScopes(FindAgent.class, context.metadata()); // Its answer.
    request.sharedUsers().check();
    return messageGateway.offload(
        () -> toolNameValidator.check(context, agentValidator.check(definition)));
  }

  /**
   * Lists agents, newest first.
   *
   * @param name null for all names
   */
  Mono<Page<AgentView>> list(
      RequestContext context, @Nullable String name, boolean includeArchived, PageRequest page) {
    Mono<Page<AgentView>> agents =
        messageGateway.queryPage(
            context,
            new ListAgents(
                context.tenant(),
                QueryParameters.requireText("name", normalize(name), NAME_LENGTH_MAX),
                includeArchived,
                page));
    return agents.map(found -> found.map(agent -> redact(context, agent)));
  }

  private static @Nullable String normalize(@Nullable String name) {
    return name == null ? null : NormalizedName.of(name);
  }

  /** Finds an agent as the caller may see it. */
  Mono<AgentView> find(RequestContext context, AgentId id) {
    return load(context, id).map(agent -> redact(context, agent));
  }

  /** Finds an agent with all of its values, for a caller who can see the agent. */
  Mono<AgentView> load(RequestContext context, AgentId id) {
    return messageGateway.query(context, new FindAgent(context.tenant(), id), AgentView.class);
  }

  private AgentView redact(RequestContext context, AgentView agent) {
    return redactor.isShownTo(context.caller(), agent.ownerId())
        ? agent
        : agent.redacted(redactor.redact(agent.session()));
  }

  Mono<Void> archive(RequestContext context, AgentId id) {
    return messageGateway.sendAndAwait(
        context, new ArchiveAgent(id), new FindAgent(context.tenant(), id));
  }

  Mono<AgentView> restore(RequestContext context, AgentId id, @Nullable Idempotency idempotency) {
    var command = new RestoreAgent(id, idempotency);
    MessageAuthorizer.check(command, context.metadata());
    MessageAuthorizer.checkScopes(FindAgent.class, context.metadata()); // Its answer.
    return messageGateway.send(context, command).then(find(context, id));
  }

  Mono<Page<AgentVersionView>> listVersions(RequestContext context, AgentId id, PageRequest page) {
    return load(context, id)
        .flatMap(
            agent -> {
              Mono<Page<AgentVersionView>> versions =
                  messageGateway.queryPage(
                      context, new ListAgentVersions(context.tenant(), id, page));
              return versions.map(found -> found.map(version -> redact(context, agent, version)));
            });
  }

  Mono<AgentVersionView> findVersion(RequestContext context, AgentId id, long version) {
    return load(context, id)
        .flatMap(
            agent -> loadVersion(context, id, version).map(found -> redact(context, agent, found)));
  }

  private Mono<AgentVersionView> loadVersion(RequestContext context, AgentId id, long version) {
    return messageGateway.query(
        context, new FindAgentVersion(context.tenant(), id, version), AgentVersionView.class);
  }

  private AgentVersionView redact(
      RequestContext context, AgentView agent, AgentVersionView version) {
    return redactor.isShownTo(context.caller(), agent.ownerId())
        ? version
        : version.redacted(redactor.redact(version.session()));
  }

  /**
   * Compares two versions.
   *
   * @param requested version with the old values, 0 for the empty agent; null for the previous one
   */
  Mono<AgentDiffResponse> diff(
      RequestContext context, AgentId id, long version, @Nullable Long requested) {
    long against = requested == null ? version - 1 : requested;
    if (against < 0) throw InvalidRequestException.parameter("against", "must be 0 or more");
    Mono<Optional<AgentVersionView>> old =
        against == 0
            ? Mono.just(Optional.empty())
            : loadVersion(context, id, against).map(Optional::of);
    return load(context, id)
        .flatMap(
            agent ->
                loadVersion(context, id, version)
                    .zipWith(old)
                    .map(
                        pair ->
                            AgentDiffResponse.between(
                                pair.getT1(),
                                pair.getT2().orElse(null),
                                found -> redact(context, agent, found),
                                json)));
  }
}
