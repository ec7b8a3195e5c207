package io.agentledger.command.workspace.git;

import io.agentledger.command.workspace.archive.TreeBuilder;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.RefSpec;
import org.jspecify.annotations.Nullable;

/**
 * Reference in a remote repository.
 *
 * @param name full name of the branch or tag, or the commit's id
 */
record RemoteRef(String name) {
  static RemoteRef select(Map<String, Ref> refs, @Nullable String requested) {
    if (requested == null) return new RemoteRef(head(refs));
    for (var name :
        new String[] {Constants.R_HEADS + requested, Constants.R_TAGS + requested, requested})
      if (name.startsWith(Constants.R_REFS) && refs.containsKey(name)) return new RemoteRef(name);
    if (ObjectId.isId(requested)) return new RemoteRef(requested);
    throw TreeBuilder.rejection("git_ref", "There is no branch, tag or commit with this name.");
  }

  /** Returns the default branch of the repository. */
  private static String head(Map<String, Ref> refs) {
    var head = refs.get(Constants.HEAD);
    if (head == null || head.getObjectId() == null)
      throw TreeBuilder.rejection("git_ref", "The repository is empty.");
    return head.isSymbolic() ? head.getTarget().getName() : head.getObjectId().name();
  }

  boolean isBranch() {
    return name.startsWith(Constants.R_HEADS);
  }

  /** Returns the short name of the branch. */
  String branch() {
    return name.substring(Constants.R_HEADS.length());
  }

  RefSpec refSpec() {
    if (isBranch())
      return new RefSpec("+" + name + ":" + Constants.R_REMOTES + "origin/" + branch());
    return name.startsWith(Constants.R_REFS)
        ? new RefSpec("+" + name + ":" + name)
        : new RefSpec(name);
  }

  /** Returns the name of the local reference after the fetch. */
  String trackingRef() {
    return isBranch() ? Constants.R_REMOTES + "origin/" + branch() : name;
  }
}
