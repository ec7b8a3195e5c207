package io.agentledger.api.shared;

/**
 * A sealed value that is part of a message. Its JSON has the property {@link #PROPERTY}, which
 * contains the {@link StableName} of its record, in the event store as in the API.
 */
public interface Discriminated {
  /**
   * The property that distinguishes the records of a sealed type. No record has another property of
   * this name.
   */
  String PROPERTY = "type";
}
