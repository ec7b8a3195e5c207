package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentCommand.CreateAgent;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.agent.AgentSkill;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.agent.SkillFolder;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.AgentNameTaken;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.agent.AgentService.NewAgent;
import io.agentledger.gateway.agent.AgentService.StoredSkills;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Exports agents as zip archives, and imports them. */
@Component
class AgentFolderService {
  private final AgentService agentService;
  private final AgentSkillService agentSkillService;
  private final AgentFolder agentFolder;
  private final MessageGateway messageGateway;
  private final RequestValidator validator;
  private final WireJson json;

  AgentFolderService(
      AgentService agentService,
      AgentSkillService agentSkillService,
      AgentFolder agentFolder,
      MessageGateway messageGateway,
      RequestValidator validator,
      WireJson json) {
    this.agentService = agentService;
    this.agentSkillService = agentSkillService;
    this.agentFolder = agentFolder;
    this.messageGateway = messageGateway;
    this.validator = validator;
    this.json = json;
  }

  /** A valid archive. */
  private record Archive(AgentRequest request, List<SkillFolder> skills) {
    /** Returns what a repeated request must have in common. */
    Object content() {
      var files = new ArrayList<Object>(List.of(request));
      skills.forEach(skill -> files.add(skill.files()));
      return files;
    }
  }

  Mono<byte[]> exportFolder(RequestContext context, AgentId id) {
    return agentService
        .find(context, id)
        .flatMap(
            agent ->
                messageGateway.offload(
                    () -> {
                      var files = AgentZip.encode(agentFolder.toFiles(agent));
                      files.putAll(agentSkillService.read(agent));
                      return Mono.just(AgentZip.write(files));
                    }));
  }

  /**
   * Creates an agent, or the next version of the one that has its name: the caller's own, or one
   * that is shared with the tenant. An unchanged agent gets no version.
   */
  Mono<AgentView> importFolder(RequestContext context, byte[] archive, IdempotencyKey key) {
    MessageAuthorizer.checkScopes(CreateAgent.class, context.metadata());
    return messageGateway
        .offload(() -> Mono.just(parse(archive)))
        .flatMap(
            parsed ->
                agentService
                    .list(context, parsed.request().name(), false, new PageRequest(1, null))
                    .flatMap(agents -> findPresent(context, agents.items()))
                    .flatMap(
                        found ->
                            found
                                .map(agent -> change(context, agent, parsed))
                                .orElseGet(() -> create(context, parsed, key))));
  }

  /** Reads the agent again, because the list may be older than its archiving. */
  private Mono<Optional<AgentView>> findPresent(RequestContext context, List<AgentView> listed) {
    return listed.isEmpty()
        ? Mono.just(Optional.empty())
        : agentService
            .find(context, listed.getFirst().id())
            .map(agent -> Optional.of(agent).filter(found -> found.archivedAt() == null));
  }

  private Archive parse(byte[] archive) {
    var files = AgentZip.read(archive);
    var skills = SkillFolderParser.takeAll(files);
    var request = validator.check(agentFolder.toRequest(AgentZip.decode(files)));
    return new Archive(request, skills);
  }

  private Mono<AgentView> create(RequestContext context, Archive archive, IdempotencyKey key) {
    var id = AgentId.next();
    return store(id, archive, List.of())
        .flatMap(
            skills ->
                agentService.create(
                    context,
                    new NewAgent(id, skills),
                    archive.request(),
                    key.with(archive.content())));
  }

  private Mono<AgentView> change(RequestContext context, AgentView agent, Archive archive) {
    if (!AgentSkillService.canChange(context, agent)) // Nothing is stored for this caller.
    return archive.skills().isEmpty() && hasDefinition(agent, archive.request(), List.of())
          ? Mono.just(agent)
          : Mono.error(new RejectionException(new Forbidden()));
    if (!agent.ownerId().equals(context.caller().user()) && agent.sharing() != AgentSharing.TENANT)
      return Mono.error(new RejectionException(new AgentNameTaken(agent.name())));
    return agentService
        .load(context, agent.id())
        .zipWith(store(agent.id(), archive, agent.skills()))
        .flatMap(
            loaded -> {
              var current = loaded.getT1();
              return hasDefinition(current, archive.request(), loaded.getT2().all())
                  ? Mono.just(agent)
                  : agentService.change(
                      context,
                      agent.id(),
                      agent.version(),
                      archive.request().withSharingOf(current),
                      loaded.getT2());
            });
  }

  private Mono<StoredSkills> store(AgentId id, Archive archive, List<AgentSkill> current) {
    return messageGateway.offload(
        () -> Mono.just(agentSkillService.storeAll(id, archive.skills(), current)));
  }

  private boolean hasDefinition(AgentView agent, AgentRequest request, List<AgentSkill> skills) {
    var definition = request.toDefinition(skills);
    return Objects.equals(agent.description(), definition.description())
        && Objects.equals(agent.instructions(), definition.instructions())
        && agent.skills().equals(skills)
        && agent.writableFolders().equals(definition.writableFolders())
        && json.parseObject(agent.session().text())
            .equals(json.parseObject(definition.session().text()));
  }
}
