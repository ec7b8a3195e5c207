package io.agentledger.command.model;

import io.agentledger.command.support.SocketOwner;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The socket that a process reaches its model by.
 *
 * @param owner who may connect, beside the service
 * @param holder what listens on it while there is no service; empty: nothing does
 */
public record ListeningSocket(Path path, SocketOwner owner, Optional<SocketHolder> holder) {}
