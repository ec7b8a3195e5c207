package io.agentledger.gateway.support;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What the opening of a session must look like; for those who keep openings for later. */
public interface OpeningShape {
  /** Everything that is wrong with it, by places in it; empty when nothing is. */
  List<Invalid.Wrong> wrongs(ObjectNode opening);
}
