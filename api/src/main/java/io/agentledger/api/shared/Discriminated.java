package io.agentledger.api.shared;

/**
 * A sealed value that is part of a message. Its JSON has the property {@link #PROPERTY}, which
 * contains the {@link StableName} of its record, in the event store as in the API.
 */
public interface Discriminated {
  /** The property that tells the records of a sealed type apart. No record has another one. */
  String PROPERTY = "type";
}
