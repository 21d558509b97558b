import styles from './brand.module.css';
import { Mark } from './mark.js';

/** The mark and the name. */
export function Brand() {
  return (
    <span className={styles.brand}>
      <Mark size={26} />
      Latchkey
    </span>
  );
}
