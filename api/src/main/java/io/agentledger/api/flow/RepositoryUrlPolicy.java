package io.agentledger.api.flow;

/** URLs of repositories that the settings permit. */
@FunctionalInterface
public interface RepositoryUrlPolicy {
  /**
   * Rejects a URL that is not permitted. The name of its host is not looked up.
   *
   * @throws io.agentledger.api.shared.RejectionException with the rule
   */
  void requirePermitted(String repositoryUrl);
}
