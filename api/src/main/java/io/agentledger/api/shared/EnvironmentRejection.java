package io.agentledger.api.shared;

/** Rejections about environments. */
public sealed interface EnvironmentRejection extends Rejection {
  /**
   * The operator does not permit the environment on this installation, or no component can enforce
   * it.
   *
   * @param field part of the environment
   * @param detail what is wrong with it, as the end of a sentence
   */
  record EnvironmentRefused(String field, String detail) implements EnvironmentRejection {
    @Override
    public String code() {
      return "environment_refused";
    }

    @Override
    public String message() {
      return "The environment is not possible here: its " + field + " " + detail + ".";
    }
  }

  /** The environment is the default; another default must be chosen first. */
  record DefaultEnvironmentRequired(String environmentId) implements EnvironmentRejection {
    @Override
    public String code() {
      return "environment_is_default";
    }

    @Override
    public String message() {
      return "The environment "
          + environmentId
          + " is the default; make another one the default first with POST"
          + " /environments/{id}/default.";
    }
  }
}
