package io.agentledger.api.vault;

import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of a master key, which wraps the keys that seal content. */
public sealed interface MasterKeyEvent {
  MasterKeyId masterKeyId();

  /** It shall take the place of the one that wraps now. */
  @Revision("1")
  @StableName("MasterKeyRotationStarted")
  record MasterKeyRotationStarted(MasterKeyId masterKeyId) implements MasterKeyEvent {}

  /** Everything is under it. */
  @Revision("1")
  @StableName("MasterKeyRotationFinished")
  record MasterKeyRotationFinished(MasterKeyId masterKeyId) implements MasterKeyEvent {}

  /** Nothing was under it any more, and it is forgotten. */
  @Revision("1")
  @StableName("MasterKeyRetired")
  record MasterKeyRetired(MasterKeyId masterKeyId) implements MasterKeyEvent {}
}
