package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentCommand.ChangeAgent;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSkill;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.agent.SkillFolder;
import io.agentledger.api.agent.SkillStore;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.agent.AgentService.StoredSkills;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on the skills of agents. */
@Component
class AgentSkillService {
  private final AgentService agentService;
  private final SkillStore skillStore;
  private final MessageGateway messageGateway;

  AgentSkillService(
      AgentService agentService, SkillStore skillStore, MessageGateway messageGateway) {
    this.agentService = agentService;
    this.skillStore = skillStore;
    this.messageGateway = messageGateway;
  }

  /** Returns whether the caller may change the agent; its content is only stored for those. */
  static boolean canChange(RequestContext context, AgentView agent) {
    return agent.ownerId().equals(context.caller().user())
        || context.caller().has(Scope.SESSIONS_WRITE_ALL);
  }

  /**
   * Adds or replaces a skill with the next version; an unchanged skill creates none.
   *
   * @param version version of the agent that the change is based on
   */
  Mono<AgentView> put(
      RequestContext context, AgentId id, long version, String name, byte[] archive) {
    MessageAuthorizer.checkScopes(ChangeAgent.class, context.metadata());
    return findToChange(context, id) // First: a wrong archive must not disclose that it exists.
        .doOnNext(agent -> requireVersion(agent, version))
        .flatMap(
            agent ->
                messageGateway
                    .offload(
                        () ->
                            Mono.just(
                                with(agent, SkillFolderParser.parse(name, AgentZip.read(archive)))))
                    .flatMap(skills -> change(context, agent, skills)));
  }

  /** Removes a skill with the next version. */
  Mono<Void> remove(RequestContext context, AgentId id, String name) {
    MessageAuthorizer.checkScopes(ChangeAgent.class, context.metadata());
    return findToChange(context, id)
        .flatMap(
            agent -> {
              if (find(agent.skills(), name) == null) throw notFound(id, name);
              return change(context, agent, StoredSkills.unchanged(others(agent, name)));
            })
        .then();
  }

  /** Returns a skill as a zip archive with a folder of its name. */
  Mono<byte[]> find(RequestContext context, AgentId id, String name) {
    return agentService
        .load(context, id)
        .flatMap(
            agent -> {
              var skill = find(agent.skills(), name);
              if (skill == null) throw notFound(id, name);
              return messageGateway.offload(() -> Mono.just(archive(id, skill)));
            });
  }

  private byte[] archive(AgentId agent, AgentSkill skill) {
    var files = new TreeMap<String, byte[]>();
    skillStore
        .get(agent, skill.digest())
        .forEach((file, content) -> files.put(skill.name() + "/" + file, content));
    return AgentZip.write(files);
  }

  private static void requireVersion(AgentView agent, long version) {
    if (agent.version() != version)
      throw new RejectionException(
          new VersionConflict(StableNames.of(AgentId.class), agent.version()));
  }

  private static RejectionException notFound(AgentId agent, String skill) {
    return new RejectionException(new NotFound("agent_skill", skill + " of " + agent));
  }

  private Mono<AgentView> change(RequestContext context, AgentView agent, StoredSkills skills) {
    return skills.all().equals(agent.skills())
        ? agentService.find(context, agent.id()) // Without values that are not shown to the caller.
        : agentService.change(context, agent, skills);
  }

  private Mono<AgentView> findToChange(RequestContext context, AgentId id) {
    return agentService
        .load(context, id)
        .doOnNext(
            agent -> {
              if (!canChange(context, agent)) throw new RejectionException(new Forbidden());
            });
  }

  private StoredSkills with(AgentView agent, SkillFolder folder) {
    var skills = new ArrayList<>(others(agent, folder.name()));
    requireWithinLimits(
        skills.stream().mapToLong(skill -> skill.files().size()).sum() + folder.files().size(),
        skills.stream().mapToLong(AgentSkill::bytes).sum() + folder.bytes());
    skills.add(skillStore.put(agent.id(), folder, find(agent.skills(), folder.name())));
    return stored(skills, agent.skills());
  }

  /**
   * Stores the skills of an agent. May block.
   *
   * @param current skills that it has; the same ones are not stored again
   */
  StoredSkills storeAll(AgentId agent, List<SkillFolder> folders, List<AgentSkill> current) {
    requireWithinLimits(
        folders.stream().mapToLong(folder -> folder.files().size()).sum(),
        folders.stream().mapToLong(SkillFolder::bytes).sum());
    var skills =
        folders.stream()
            .map(folder -> skillStore.put(agent, folder, find(current, folder.name())))
            .toList();
    return stored(skills, current);
  }

  private static StoredSkills stored(List<AgentSkill> skills, List<AgentSkill> current) {
    var sorted = skills.stream().sorted(Comparator.comparing(AgentSkill::name)).toList();
    var added = sorted.stream().filter(skill -> !current.contains(skill)).toList();
    return new StoredSkills(sorted, added);
  }

  /** Returns the files of all skills, with their paths in the archive of the agent. May block. */
  SortedMap<String, byte[]> read(AgentView agent) {
    var files = new TreeMap<String, byte[]>();
    for (var skill : agent.skills())
      skillStore
          .get(agent.id(), skill.digest())
          .forEach(
              (file, content) ->
                  files.put(SkillFolderParser.FOLDER + skill.name() + "/" + file, content));
    return files;
  }

  private static void requireWithinLimits(long files, long bytes) {
    if (files > AgentSkill.FILES_MAX || bytes > AgentSkill.BYTES_MAX)
      throw InvalidRequestException.body(
          "", "must leave the skills of the agent at no more than 150 files and 2 MiB");
  }

  private static List<AgentSkill> others(AgentView agent, String name) {
    return agent.skills().stream().filter(skill -> !skill.name().equals(name)).toList();
  }

  private static @Nullable AgentSkill find(List<AgentSkill> skills, String name) {
    return skills.stream().filter(skill -> skill.name().equals(name)).findFirst().orElse(null);
  }
}
