package io.agentledger.client.session;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.shared.Money;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.workspace.GitSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Defines a session to open. A null or empty field gets the default of the service or of the
 * template.
 *
 * @param workspaceSource source of the initial files of its workspace; null is an empty workspace
 * @param executor null: by its permission mode
 * @param runOverrides default options of its runs
 * @param agentOverrides options of its agent
 * @param tools MCP servers and client tools
 * @param additionalDirectories directories beside its workspace: names that the operator
 *     configured, or absolute paths (local owner only)
 * @param budget budget for its whole life; null is unlimited
 * @param template template that it is opened from; null is none
 * @param agent agent that it is opened with; null is that of the template or the default
 */
public record SessionDefinition(
    @Nullable String title,
    Map<String, String> metadata,
    @Nullable WorkspaceSource workspaceSource,
    @Nullable ExecutionMode executor,
    RunOverrides runOverrides,
    AgentOverrides agentOverrides,
    SessionTools tools,
    List<String> additionalDirectories,
    @Nullable Money budget,
    @Nullable TemplateReference template,
    @Nullable AgentReference agent) {
  /** Defines a session with an empty workspace and the defaults of the service. */
  public static final SessionDefinition DEFAULT =
      new SessionDefinition(null, Map.of(), null, RunOverrides.NONE);

  /** Source of the initial files of a workspace. */
  public sealed interface WorkspaceSource {
    /** Copy of a folder of the service's machine (local owner only). */
    record FolderCopy(Path path) implements WorkspaceSource {}

    /** Folder of the service's machine that the agent works in (local owner only). */
    record FolderInPlace(Path path) implements WorkspaceSource {}

    /** Git repository. */
    record GitRepository(GitSource source) implements WorkspaceSource {}
  }

  /**
   * Agent in one of its versions.
   *
   * @param version null is the latest
   */
  public record AgentReference(AgentId id, @Nullable Long version) {}

  /** Template with values for its variables. */
  public record TemplateReference(TemplateId id, Map<String, String> variables) {
    public TemplateReference {
      variables = Map.copyOf(variables);
    }
  }

  public SessionDefinition {
    metadata = Map.copyOf(metadata);
    additionalDirectories = List.copyOf(additionalDirectories);
  }

  /**
   * Creates a definition.
   *
   * @param folder folder of the service's machine whose copy is the workspace; null is an empty
   *     workspace
   */
  public SessionDefinition(
      @Nullable String title,
      Map<String, String> metadata,
      @Nullable Path folder,
      RunOverrides overrides) {
    this(
        title,
        metadata,
        folder == null ? null : new WorkspaceSource.FolderCopy(folder),
        null,
        overrides,
        AgentOverrides.NONE,
        SessionTools.NONE,
        List.of(),
        null,
        null,
        null);
  }

  /** Returns a definition with a copy of the folder as its workspace. */
  public SessionDefinition workspace(Path folder) {
    return withWorkspaceSource(new WorkspaceSource.FolderCopy(folder));
  }

  public SessionDefinition withWorkspaceSource(WorkspaceSource workspace) {
    return new SessionDefinition(
        title,
        metadata,
        workspace,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        template,
        agent);
  }

  public SessionDefinition withTitle(String newTitle) {
    return new SessionDefinition(
        newTitle,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        template,
        agent);
  }

  public SessionDefinition executor(ExecutionMode executionMode) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executionMode,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        template,
        agent);
  }

  public SessionDefinition with(RunOverrides overrides) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        overrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        template,
        agent);
  }

  public SessionDefinition with(AgentOverrides overrides) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        overrides,
        tools,
        additionalDirectories,
        budget,
        template,
        agent);
  }

  public SessionDefinition with(SessionTools sessionTools) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        sessionTools,
        additionalDirectories,
        budget,
        template,
        agent);
  }

  /** Returns a definition with these directories beside its workspace. */
  public SessionDefinition additionalDirectories(String... directories) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        List.of(directories),
        budget,
        template,
        agent);
  }

  public SessionDefinition budget(Money limit) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        limit,
        template,
        agent);
  }

  public SessionDefinition template(TemplateReference reference) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        reference,
        agent);
  }

  public SessionDefinition agent(AgentReference reference) {
    return new SessionDefinition(
        title,
        metadata,
        workspaceSource,
        executor,
        runOverrides,
        agentOverrides,
        tools,
        additionalDirectories,
        budget,
        template,
        reference);
  }
}
