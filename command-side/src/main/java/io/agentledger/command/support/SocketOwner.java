package io.agentledger.command.support;

import com.sun.security.auth.module.UnixSystem;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * The user of this host for whom a Unix socket is opened. Only this user can access the socket's
 * file, and the kernel is asked for the peer of each connection: only this user and the service
 * itself are admitted. Requires a channel of the NIO or epoll transport.
 */
public record SocketOwner(int uid, int gid) {
  private static final ChannelOption<UnixDomainPrincipal> PEER =
      NioChannelOption.of((SocketOption<UnixDomainPrincipal>) ExtendedSocketOptions.SO_PEERCRED);

  /** Returns the user that this service runs as. */
  public static SocketOwner ofService() {
    var system = new UnixSystem();
    return new SocketOwner((int) system.getUid(), (int) system.getGid());
  }

  /** Closes a connection before any byte is read, unless its peer is admitted. */
  @FunctionalInterface
  public interface Admission {
    void closeIfForeign(Channel channel);
  }

  /** Creates the admission check for this user. */
  public Admission admission() throws IOException {
    List<UserPrincipal> permitted = List.of(principal(uid), principal(ofService().uid()));
    List<Integer> permittedUids = List.of(uid, ofService().uid());
    return channel -> {
      boolean admitted =
          channel instanceof EpollDomainSocketChannel epoll
              ? permittedUids.contains(peerUid(epoll))
              : permitted.contains(channel.config().getOption(PEER).user());
      if (!admitted) channel.close();
    };
  }

  /** Returns the uid of the peer; -1 if the kernel does not report it. */
  private static int peerUid(EpollDomainSocketChannel channel) {
    try {
      return channel.peerCredentials().uid();
    } catch (IOException unknown) {
      return -1;
    }
  }

  /**
   * Makes this user the owner of a socket's file, so that no other user of this host can connect.
   */
  public void restrict(Path socket) throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    if (uid == ofService().uid()) return;
    Files.setAttribute(socket, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(socket, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns the principal of a uid, which need not have a name. */
  private static UserPrincipal principal(int uid) throws IOException {
    return FileSystems.getDefault()
        .getUserPrincipalLookupService()
        .lookupPrincipalByName(Integer.toString(uid));
  }
}
