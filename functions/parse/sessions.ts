/** Sessions remembered: more are not open at a time, and a flood of new ones costs no memory. */
const REMEMBERED = 8192;

/**
 * Who opened which session, for daemons that name the address only in a session's first line (OpenSMTPD since 6.1). A
 * session that was opened in another part of the log is not known; what it did is counted as unread, never as another's.
 */
export class Sessions<Peer> {
  private readonly peers = new Map<string, Peer>();

  open(session: string, peer: Peer): void {
    this.peers.delete(session);
    this.peers.set(session, peer);
    if (this.peers.size > REMEMBERED) this.peers.delete(this.peers.keys().next().value!);
  }

  peerOf(session: string): Peer | undefined {
    return this.peers.get(session);
  }
}
