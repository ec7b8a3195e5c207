package io.agentledger.client.session;

import io.agentledger.api.session.AgentWishes;
import io.agentledger.api.session.Executor;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.shared.Money;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.workspace.GitSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session that is wished for; what is not said is the service's default, or its template's.
 *
 * @param filling what its workspace begins with; null is nothing
 * @param executor interactive or background, forked being for branches; null is as its mode has it
 * @param wishes how its runs are carried out, as far as they do not say so themselves
 * @param agent what its agent is and begins with
 * @param tools that it has beside the agent's own
 * @param directories seen beside its workspace: names of the operator's, or absolute paths, which
 *     are for the local owner
 * @param budget what it may spend in its life; null is any amount
 * @param template that it is opened from; null is none
 */
public record Opening(
    @Nullable String title,
    Map<String, String> metadata,
    @Nullable Filling filling,
    @Nullable Executor executor,
    RunWishes wishes,
    AgentWishes agent,
    SessionTools tools,
    List<String> directories,
    @Nullable Money budget,
    @Nullable Template template) {
  /** An empty workspace and the service's defaults. */
  public static final Opening PLAIN = new Opening(null, Map.of(), null, RunWishes.NONE);

  /** Where the first files of a workspace come from. */
  public sealed interface Filling {
    /** A folder of the service's machine, copied; for the local owner. */
    record Folder(Path path) implements Filling {}

    /** A folder of the service's machine that is worked in, in place; for the local owner. */
    record InPlace(Path path) implements Filling {}

    /** A repository. */
    record Repository(GitSource source) implements Filling {}
  }

  /** Which template, with these values for its variables. */
  public record Template(TemplateId id, Map<String, String> variables) {
    public Template {
      variables = Map.copyOf(variables);
    }
  }

  public Opening {
    metadata = Map.copyOf(metadata);
    directories = List.copyOf(directories);
  }

  /**
   * @param folder of the service's machine whose copy is the workspace; null is an empty workspace
   */
  public Opening(
      @Nullable String title,
      Map<String, String> metadata,
      @Nullable Path folder,
      RunWishes wishes) {
    this(
        title,
        metadata,
        folder == null ? null : new Filling.Folder(folder),
        null,
        wishes,
        AgentWishes.NONE,
        SessionTools.NONE,
        List.of(),
        null,
        null);
  }

  /** With a copy of that folder. */
  public Opening in(Path folder) {
    return filledWith(new Filling.Folder(folder));
  }

  public Opening filledWith(Filling other) {
    return new Opening(
        title, metadata, other, executor, wishes, agent, tools, directories, budget, template);
  }

  public Opening titled(String other) {
    return new Opening(
        other, metadata, filling, executor, wishes, agent, tools, directories, budget, template);
  }

  public Opening by(Executor other) {
    return new Opening(
        title, metadata, filling, other, wishes, agent, tools, directories, budget, template);
  }

  public Opening with(RunWishes other) {
    return new Opening(
        title, metadata, filling, executor, other, agent, tools, directories, budget, template);
  }

  public Opening with(AgentWishes other) {
    return new Opening(
        title, metadata, filling, executor, wishes, other, tools, directories, budget, template);
  }

  public Opening with(SessionTools other) {
    return new Opening(
        title, metadata, filling, executor, wishes, agent, other, directories, budget, template);
  }

  /** Which sees these directories beside its workspace, and no others. */
  public Opening beside(String... others) {
    return new Opening(
        title,
        metadata,
        filling,
        executor,
        wishes,
        agent,
        tools,
        List.of(others),
        budget,
        template);
  }

  public Opening within(Money other) {
    return new Opening(
        title, metadata, filling, executor, wishes, agent, tools, directories, other, template);
  }

  public Opening from(Template other) {
    return new Opening(
        title, metadata, filling, executor, wishes, agent, tools, directories, budget, other);
  }
}
